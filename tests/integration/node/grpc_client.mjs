// A client made from the interface file at run time, as `node grpc_client.mjs` and its settings in JSON:
//   address        of the service
//   proto, imports the interface file, and where the files are that it imports
//   metadata       what is sent with each call
//   identifiers    whom to ask for
// It writes what came back of a unary call, of a stream, and of a refusal, in JSON.
import { credentials, loadPackageDefinition, Metadata, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const { address, proto, imports, metadata, identifiers } = JSON.parse(process.argv[2]);

const asInTheFile = { keepCase: true, defaults: true, oneofs: true, enums: String, longs: Number };
const definition = loadSync(proto, { includeDirs: imports, ...asInTheFile });
const { InvitationTokens } = loadPackageDefinition(definition).invitations.v1;
const client = new InvitationTokens(address, credentials.createInsecure());

const sent = new Metadata();
for (const [name, value] of Object.entries(metadata)) sent.set(name, value);

const unary = (request, sent) =>
  new Promise((resolve) => {
    let answer;
    const call = client.GenerateInvitationTokens(request, sent, (_error, received) => (answer = received));
    call.on("status", ({ code, details, metadata }) =>
      resolve({ code: status[code], details, answer, requestId: metadata.get("x-request-id")[0] }),
    );
  });

const stream = (request, sent) =>
  new Promise((resolve, reject) => {
    const answers = [];
    const call = client.GenerateInvitationTokensStream(sent);
    call.on("data", (answer) => answers.push(answer));
    call.on("end", () => resolve(answers));
    call.on("error", reject);
    call.write(request);
    call.end();
  });

console.log(
  JSON.stringify({
    answered: await unary({ identifiers, include_omitted: true }, sent),
    streamed: await stream({ identifiers }, sent),
    refused: await unary({ identifiers }, new Metadata()),
  }),
);
client.close();
