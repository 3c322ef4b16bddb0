"""Plays a story through Doorward with Python's grpcio and stubs generated from our proto.

usage: play_grpcio.py ADDRESS TENANT STORY STUBS
One line an answer: the verdict, then the reason codes.
"""

import json
import sys

import grpc
from google.protobuf import json_format

address, tenant, story, stubs = sys.argv[1:]
sys.path.insert(0, stubs)

from doorward.v1 import decision_pb2, decision_service_pb2, decision_service_pb2_grpc, verdict_pb2  # noqa: E402

with grpc.insecure_channel(address) as channel:
    client = decision_service_pb2_grpc.DecisionServiceStub(channel)
    for line in open(story, encoding="utf-8"):
        request = json_format.ParseDict(json.loads(line), decision_service_pb2.EvaluateRequest())
        request.attempt.tenant = tenant
        decision: decision_pb2.Decision = client.Evaluate(request, timeout=10).decision
        print(verdict_pb2.Verdict.Name(decision.verdict), *(reason.code for reason in decision.reasons))
