import { SystemProcesses } from "../../src/platform/system-processes.ts";

// A process of its own: starts a child that makes a file, is never told to let it begin, and says who it is.
const [file = ""] = process.argv.slice(2);
await new SystemProcesses().run("sh", ["-c", 'echo begun >"$1"', "sh", file], {
  onStart: (child) => {
    process.stdout.write(`${child.pid}\n`);
    return new Promise(() => {});
  },
});
