// Writes what is derived: from the catalogue oclif.manifest.json and the tables of README.md, from the .proto files the
// messages of our iTerm2 client. With --check it writes nothing and fails when a file is not current. Needs a build
// (npm run generate makes one).
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { protocolFiles } from "./protocol.mjs";

const root = new URL("..", import.meta.url).pathname;
const isCheck = process.argv.includes("--check");
const stale = [];

async function put(file, text) {
  const path = join(root, file);
  const current = await readFile(path, "utf8").catch(() => "");
  if (current === text) return;
  if (isCheck) stale.push(file);
  else await writeFile(path, text);
}

async function fromSource(entry) {
  const folder = await mkdtemp(join(tmpdir(), "generate-"));
  try {
    const outfile = join(folder, "out.mjs");
    await build({ entryPoints: [join(root, "src", entry)], outfile, bundle: true, format: "esm", platform: "node", logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function manifest() {
  const path = join(root, "oclif.manifest.json");
  const before = await readFile(path, "utf8").catch(() => undefined);
  await execa(process.execPath, [join(root, "node_modules/oclif/bin/run.js"), "manifest", root], { cwd: root });
  const made = JSON.parse(await readFile(path, "utf8"));
  // oclif lists them in the order in which their files were loaded, which differs from run to run.
  made.commands = Object.fromEntries(Object.entries(made.commands).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify(made, null, 1)}\n`;
  await (before === undefined ? rm(path) : writeFile(path, before));
  await put("oclif.manifest.json", text);
  return JSON.parse(text);
}

const cell = (text) => String(text).replaceAll("|", "\\|").replace(/\s+/g, " ");
const table = (titles, rows) =>
  [titles, titles.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

function between(readme, name, text) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`README.md has no markers for ${name}`);
  return `${readme.slice(0, from + start.length)}\n\n${text}\n\n${readme.slice(to)}`;
}

for (const { file, text } of await protocolFiles(root)) await put(file, text);

const { commands } = await manifest();
const { operations } = await fromSource("operations/index.ts");
const { SETTINGS, environmentName } = await fromSource("core/settings.ts");

const commandRows = Object.values(commands)
  .filter(({ hidden }) => !hidden)
  .map((command) => [
    `\`claude-orch ${command.id.replaceAll(":", " ")}${Object.entries(command.args).map(([name, { required }]) => ` ${required ? name.toUpperCase() : `[${name.toUpperCase()}]`}`).join("")}\``,
    command.summary ?? "",
  ])
  .sort(([a], [b]) => a.localeCompare(b));
const toolRows = operations
  .filter(({ exposure }) => exposure.mcp)
  .map(({ name, summary, effect, risk, exposure }) => [`\`${name.replaceAll(/[.-]/g, "_")}\``, summary, effect, risk, exposure.worker ? "yes" : ""]);
const settingRows = Object.entries(SETTINGS).map(([name, setting]) => [
  `\`${name}\``,
  setting.default === null ? "" : `\`${setting.default}\``,
  `\`${environmentName(name)}\``,
  setting.about,
]);

let readme = await readFile(join(root, "README.md"), "utf8");
readme = between(readme, "commands", table(["command", "what it does"], commandRows));
readme = between(readme, "tools", table(["tool", "what it does", "effect", "risk", "for agents too"], toolRows));
readme = between(readme, "settings", table(["setting", "default", "environment", "what it is for"], settingRows));
await put("README.md", readme);

if (stale.length > 0) {
  process.stderr.write(`Not current: ${stale.join(", ")}. Run npm run generate.\n`);
  process.exit(1);
}
