import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import type { FakeOsascript } from "./osascript.ts";

/**
 * The fake osascript as an executable file, for products that run as a process of their own: it hands its arguments and
 * its input to this process over a socket. Close the server when done.
 */
export async function serveOsascript(
  osascript: FakeOsascript,
  { file, socket }: { file: string; socket: string },
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    let request = "";
    connection.on("error", () => undefined);
    connection.setEncoding("utf8").on("data", (data: string) => {
      request += data;
    });
    connection.on("end", async () => {
      const { args, input } = JSON.parse(request) as { args: string[]; input: string };
      const { stdout, stderr, exitCode } = await osascript.run("/usr/bin/osascript", args, { input });
      connection.end(JSON.stringify({ stdout, stderr, exitCode }));
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  await writeFile(file, program(socket), { mode: 0o700 });
  return server;
}

function program(socket: string): string {
  return `#!${process.execPath}
const { connect } = require("node:net");
const { readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const input = args.includes("-e") ? "" : readFileSync(0, "utf8");
let answer = "";
const connection = connect(${JSON.stringify(socket)}, () => connection.end(JSON.stringify({ args, input })));
connection.setEncoding("utf8").on("data", (data) => (answer += data));
connection.on("end", () => {
  const { stdout, stderr, exitCode } = JSON.parse(answer);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode ?? 1;
});
`;
}
