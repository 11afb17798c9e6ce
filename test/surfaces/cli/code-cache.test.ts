import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const CACHE = path.join(import.meta.dirname, "../../../dist/cli/code-cache.js");

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  folder = await temporaryDirectory();
  await mkdir(inFolder("dist/chunks"), { recursive: true });
  await writeFile(inFolder("dist/main.js"), `exports.said = require("./chunks/part.js").say();`);
  await saying("one");
});
afterEach(() => folder.remove());

const inFolder = (file: string) => path.join(folder.path, file);
const saying = (word: string) =>
  writeFile(inFolder("dist/chunks/part.js"), `exports.say = () => ${JSON.stringify(word)} + __filename.slice(-7);`);
const kept = async () => {
  const [version = ""] = await readdir(inFolder("cache"));
  return { folder: inFolder(`cache/${version}`), files: (await readdir(inFolder(`cache/${version}`))).sort() };
};

/** What the program says, and which of its files had to be compiled. */
async function run(cache = inFolder("cache")): Promise<{ said: string; compiled: number }> {
  const script = `
    const { Script } = require("node:vm");
    let compiled = 0;
    const { createCachedData } = Script.prototype;
    Script.prototype.createCachedData = function () { compiled += 1; return createCachedData.call(this); };
    require(${JSON.stringify(CACHE)}).keepCompiledCode(${JSON.stringify(inFolder("dist"))}, ${JSON.stringify(cache)});
    const { said } = require(${JSON.stringify(inFolder("dist/main.js"))});
    process.on("exit", () => console.log(JSON.stringify({ said, compiled })));`;
  const { stdout } = await execa(process.execPath, ["-e", script]);
  return JSON.parse(stdout);
}

describe("the compiled code that is kept for the next start", () => {
  it("is used as long as it fits, and made anew when the text is another one of the same length", async () => {
    expect(await run()).toEqual({ said: "onepart.js", compiled: 2 });
    expect((await kept()).files).toEqual(["chunks+part.js", "main.js"]);

    expect(await run()).toEqual({ said: "onepart.js", compiled: 0 });

    await saying("two");
    expect(await run()).toEqual({ said: "twopart.js", compiled: 1 });
    expect(await run()).toEqual({ said: "twopart.js", compiled: 0 });
  });

  it("is not trusted when it was cut off or changed", async () => {
    await run();
    const { folder: place, files } = await kept();
    for (const file of files) {
      const content = await readFile(path.join(place, file));
      content[content.length - 9] = (content[content.length - 9] ?? 0) ^ 1;
      await writeFile(path.join(place, file), file === "main.js" ? content : content.subarray(0, 30));
    }

    expect(await run()).toEqual({ said: "onepart.js", compiled: 2 });
    expect(await run()).toEqual({ said: "onepart.js", compiled: 0 });
  });

  it("is done without where nothing can be written", async () => {
    await writeFile(inFolder("file"), "");

    expect(await run(inFolder("file"))).toMatchObject({ said: "onepart.js" });
    await rm(inFolder("file"));
  });
});
