// Plays a story through Doorward with @connectrpc/connect-node over one of its two protocols.
//
// usage: play_connect.mjs ADDRESS TENANT STORY DESCRIPTORS grpc|connect
// One line an answer: the verdict, then the reason codes.

import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary, fromJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";

const [address, tenant, story, descriptors, protocol] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const service = registry.getService("doorward.v1.DecisionService");
const verdicts = registry.getEnum("doorward.v1.Verdict");
const baseUrl = `http://${address}`;
const transport =
  protocol === "grpc"
    ? createGrpcTransport({ baseUrl })
    : createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false });
const client = createClient(service, transport);

for (const line of readFileSync(story, "utf8").trim().split("\n")) {
  const { attempt } = JSON.parse(line);
  const request = fromJson(service.method.evaluate.input, { attempt: { ...attempt, tenant } });
  const { decision } = await client.evaluate(request);
  const verdict = verdicts.value[decision.verdict].name;
  console.log([verdict, ...decision.reasons.map((reason) => reason.code)].join(" "));
}
