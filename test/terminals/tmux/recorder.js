// The program that the tmux tests run in a pane: asks for bracketed paste and records every byte. Ctrl-D ends it with the
// exit code written beside it; Ctrl-P prints the file `print`, or stops listening to SIGHUP where there is `stubborn`.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2] ?? ".";
const file = (name) => join(folder, name);

process.stdin.setRawMode(true);
process.stdout.write("\u001b[?2004hrecorder is ready\r\n");
writeFileSync(file("started.json"), JSON.stringify({ cwd: process.cwd(), env: process.env, pid: process.pid }));
writeFileSync(file("received"), "");

process.stdin.on("data", (data) => {
  if (data.length === 1 && data[0] === 4) process.exit(Number(readFileSync(file("exit-code"), "utf8")));
  if (data.length === 1 && data[0] === 16) onRequest();
  else appendFileSync(file("received"), data);
});

function onRequest() {
  if (existsSync(file("print"))) process.stdout.write(readFileSync(file("print")));
  if (!existsSync(file("stubborn"))) return;
  process.on("SIGHUP", () => {});
  process.stdin.on("error", () => {});
  process.stdout.write("stubborn\r\n");
  setInterval(() => {}, 1_000);
}
