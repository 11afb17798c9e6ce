import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { taskServer } from "../src/server.js";
import { openTaskList } from "../src/tasks.js";

let folder;
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "task-list-"));
  await start();
});
after(async () => {
  stop();
  await rm(folder, { recursive: true });
});

/** Always the same file: what it holds is what a restart brings back. */
async function start() {
  server = taskServer(await openTaskList(join(folder, "tasks.json")));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function stop() {
  server.close();
  server.closeAllConnections();
}

async function call(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, {
    method,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

const tasks = async () => JSON.parse((await call("GET", "/tasks")).text);

test("a list begins empty", async () => {
  assert.deepEqual(await tasks(), []);
});

test("a new task is in the list, without the blanks around it", async () => {
  const added = await call("POST", "/tasks", { title: "  Buy milk " });

  assert.equal(added.status, 201);
  assert.deepEqual(await tasks(), [{ id: 1, title: "Buy milk", done: false }]);
});

test("a ticked task is still ticked after a restart", async () => {
  assert.equal((await call("PATCH", "/tasks/1", { done: true })).status, 200);

  stop();
  await start();

  assert.deepEqual(await tasks(), [{ id: 1, title: "Buy milk", done: true }]);
});

test("bad input is refused with 400 and changes nothing", async () => {
  const before = await tasks();

  for (const body of [
    "",
    "[",
    "null",
    {},
    { title: " " },
    { title: 7 },
    { title: "x".repeat(201) },
    "x".repeat(20_000),
  ])
    assert.equal((await call("POST", "/tasks", body)).status, 400, JSON.stringify(body));
  assert.equal((await call("PATCH", "/tasks/1", { done: "yes" })).status, 400);

  assert.deepEqual(await tasks(), before);
});

test("what is not there is 404, what cannot be done 405", async () => {
  assert.equal((await call("PATCH", "/tasks/99", { done: true })).status, 404);
  assert.equal((await call("GET", "/../package.json")).status, 404);
  assert.equal((await call("DELETE", "/tasks")).status, 405);
});

test("the page and its script are served", async () => {
  const [page, script] = [await call("GET", "/"), await call("GET", "/app.js")];

  assert.match(page.type, /^text\/html/);
  assert.match(page.text, /<script type="module" src="\/app.js">/);
  assert.match(script.type, /^text\/javascript/);
});
