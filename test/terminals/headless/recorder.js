// The program that the headless tests run: records every byte of its input. The byte 4 ends it with the exit code written
// beside it; a file `stubborn` makes it ignore SIGTERM, a file `deaf` makes it not read.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2] ?? ".";
const file = (name) => join(folder, name);

if (existsSync(file("stubborn"))) process.on("SIGTERM", () => process.stdout.write("stubborn\n"));
process.stdout.write("recorder is ready\n");
process.stderr.write("a word of complaint\n");
writeFileSync(file("started.json"), JSON.stringify({ cwd: process.cwd(), env: process.env, pid: process.pid }));
writeFileSync(file("received"), "");

function read() {
  process.stdin.on("data", (data) => {
    if (data.length === 1 && data[0] === 4) process.exit(Number(readFileSync(file("exit-code"), "utf8")));
    appendFileSync(file("received"), data);
  });
}

if (existsSync(file("deaf"))) {
  const timer = setInterval(() => {
    if (existsSync(file("deaf"))) return;
    clearInterval(timer);
    read();
  }, 5);
} else read();
