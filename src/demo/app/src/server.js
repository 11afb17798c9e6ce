import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { BadInput } from "./tasks.js";

const MAX_BODY = 10_000;

/** Only these are served: no path of a request ever becomes the path of a file. */
const PAGES = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/app.js": ["app.js", "text/javascript; charset=utf-8"],
};

/**
 * GET /tasks, POST /tasks {title}, PATCH /tasks/:id {done}, and the page. Errors are {error} with 400 (bad input), 404, 405,
 * or 500.
 */
export function taskServer(tasks) {
  return createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      const page = PAGES[pathname];
      if (page) return await sendPage(response, ...page);
      const id = /^\/tasks\/(\d+)$/.exec(pathname)?.[1];
      if (pathname !== "/tasks" && id === undefined) return send(response, 404, { error: "There is no such page." });
      switch (`${request.method} ${id === undefined ? "list" : "task"}`) {
        case "GET list":
          return send(response, 200, tasks.all());
        case "POST list":
          return send(response, 201, await tasks.add((await body(request)).title));
        case "PATCH task": {
          const task = await tasks.tick(Number(id), (await body(request)).done);
          return task ? send(response, 200, task) : send(response, 404, { error: "There is no such task." });
        }
        default:
          return send(response, 405, { error: "Not here." });
      }
    } catch (error) {
      if (error instanceof BadInput) return send(response, 400, { error: error.message });
      console.error(error);
      return send(response, 500, { error: "Something is broken here; the log says more." });
    }
  });
}

async function body(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BODY) throw new BadInput("That is too long.");
  }
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new BadInput("The body is a JSON object.");
}

function send(response, status, value) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(value));
}

async function sendPage(response, name, type) {
  const text = await readFile(new URL(`../public/${name}`, import.meta.url));
  response.writeHead(200, { "content-type": type }).end(text);
}
