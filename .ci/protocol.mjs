// Compiles the .proto files of our iTerm2 client to static code: parsing them at run time would cost 60 ms of every start.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const pbjs = fileURLToPath(import.meta.resolve("protobufjs-cli/bin/pbjs"));
const client = "src/terminals/iterm2/client";
const marks = [
  "// Generated from the .proto file of the same name by `npm run generate`. Do not edit.",
  "// biome-ignore-all lint: generated",
  "// biome-ignore-all format: generated",
  "// biome-ignore-all assist: generated",
].join("\n");
/** The client only encodes what it sends and only decodes what it receives. */
const parts = [
  ["requests", ["--no-decode"]],
  ["responses", ["--no-encode"]],
];

/** The generated files: path in the repository and text. */
export async function protocolFiles(root) {
  const folder = await mkdtemp(join(tmpdir(), "protocol-"));
  try {
    const files = await Promise.all(parts.map((part) => compile(root, folder, part)));
    return files.flat();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compile(root, folder, [name, flags]) {
  const out = join(folder, `${name}.js`);
  const flagsOfAll = ["-t", "static-module", "-w", "esm", "--es6", "--dependency", "protobufjs/minimal.js", "-r", `iterm2-${name}`, "-d", "-o", out];
  const leftOut = ["create", "verify", "convert", "delimited", "typeurl", "service"].map((part) => `--no-${part}`);
  const source = join(root, client, `${name}.proto`);
  await execa(process.execPath, [pbjs, ...flagsOfAll, ...leftOut, ...flags, source]);
  const texts = await Promise.all([out, out.replace(/js$/, "d.ts")].map((file) => readFile(file, "utf8")));
  return texts.map((text, index) => ({
    file: `${client}/generated/${name}.${index === 0 ? "js" : "d.ts"}`,
    text: `${marks}\n${withoutComments(text)}`,
  }));
}

/** Two thirds of what pbjs writes are comments that repeat the names. The import of long serves 64 bit fields; there are none. */
function withoutComments(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^import Long = .*\n/m, "")
    .replace(/^ *\/\/.*$/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .replace(/^ +/gm, (spaces) => spaces.replaceAll("    ", "  "))
    .trimStart();
}
