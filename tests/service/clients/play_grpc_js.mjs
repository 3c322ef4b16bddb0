// Plays a story through Doorward with @grpc/grpc-js, which reads our proto files at run time.
//
// usage: play_grpc_js.mjs ADDRESS TENANT STORY PROTO_DIRECTORY
// One line an answer: the verdict, then the reason codes.

import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, tenant, story, protos] = process.argv.slice(2);
const definition = loader.loadSync("doorward/v1/decision_service.proto", {
  includeDirs: [protos],
  enums: String,
  arrays: true,
});
const { DecisionService } = grpc.loadPackageDefinition(definition).doorward.v1;
const client = new DecisionService(address, grpc.credentials.createInsecure());
const evaluate = promisify(client.evaluate.bind(client));

for (const line of readFileSync(story, "utf8").trim().split("\n")) {
  const { attempt } = JSON.parse(line);
  const { decision } = await evaluate({ attempt: { ...attempt, tenant } });
  console.log([decision.verdict, ...decision.reasons.map((reason) => reason.code)].join(" "));
}
client.close();
