import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

const TOOLS = [{ name: "Bash", input_schema: { type: "object" } }];
let model: ScriptedModel;

beforeEach(async () => {
  model = await startScriptedModel({ clock: new SystemClock() });
});
afterEach(() => model.close());

function ask(messages: unknown, more: Record<string, unknown> = {}): Promise<Response> {
  const body = { model: "claude-test", max_tokens: 100, tools: TOOLS, messages, ...more };
  return fetch(`${model.url}/v1/messages?beta=true`, { method: "POST", body: JSON.stringify(body) });
}

interface Reply {
  content: { type: string; text: string }[];
}
const replyOf = async (response: Response) => (await response.json()) as Reply;
const user = (content: unknown) => ({ role: "user", content });
const toolResult = (id: string) => user([{ type: "tool_result", tool_use_id: id, content: "out" }]);

describe("the scripted model", () => {
  it("answers a call without streaming as one message", async () => {
    const answer = await replyOf(await ask([user("hi")]));
    expect(answer).toMatchObject({
      role: "assistant",
      stop_reason: "end_turn",
      content: [{ type: "text", text: "echo: hi" }],
    });
  });

  it("streams the events of the Messages API in their order", async () => {
    const text = await (await ask([user("[[think hm]][[reply a]][[reply b]]")], { stream: true })).text();
    const events = [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    expect(events).toEqual([
      "message_start",
      ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
      ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
      ...["message_delta", "message_stop"],
    ]);
  });

  it("takes the newest prompt, without the reminders around it", async () => {
    const reminder = { type: "text", text: "<system-reminder>be nice</system-reminder>" };
    await ask([user("old"), { role: "assistant", content: "x" }, user([{ type: "text", text: "new" }, reminder])]);
    expect(model.requests[0]).toMatchObject({ kind: "turn", prompt: "new", toolRounds: 0 });
  });

  it("goes on with its script below what Claude Code says of tools that it searched for", async () => {
    const prompt = '[[tool ToolSearch {"query":"tasks"}]][[reply found]]';
    const found = { type: "tool_result", tool_use_id: "a", content: [{ type: "tool_reference", tool_name: "t" }] };
    const said = { type: "text", text: "Tool loaded." };
    await ask([user(prompt), { role: "assistant", content: "x" }, user([found, said])]);
    expect(model.requests[0]).toMatchObject({ prompt, toolRounds: 1 });
  });

  it("takes the prompt that comes in one message with a tool's result, as after an interruption or an error", async () => {
    const result = { type: "tool_result", tool_use_id: "a", content: "out" };
    const mark = { type: "text", text: "[Request interrupted by user for tool use]" };
    const tool = [user('[[tool Bash {"command":"ls"}]]'), { role: "assistant", content: "x" }];
    await ask([...tool, user([result, mark, { type: "text", text: "new" }])]);
    await ask([...tool, user([result, mark])]);

    expect(model.requests[0]).toMatchObject({ prompt: "new", toolRounds: 0 });
    expect(model.requests[1]).toMatchObject({ prompt: '[[tool Bash {"command":"ls"}]]', toolRounds: 1 });
  });

  it("says what it is told to in an error, reports a plan's limit, refuses connections and takes them again", async () => {
    const error = await ask([user("[[error 429 retry-after 7 says Not now]]")]);
    const limit = await ask([user("[[limit five_hour 1795300000]]")]);
    await model.refuse();
    const refused = await ask([user("hello")]).then(
      () => "answered",
      () => "refused",
    );
    await model.accept();

    expect([error.status, error.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await error.json()).toMatchObject({ error: { type: "rate_limit_error", message: "Not now" } });
    expect(limit.headers.get("anthropic-ratelimit-unified-reset")).toBe("1795300000");
    expect(refused).toBe("refused");
    expect((await ask([user("hello")])).status).toBe(200);
  });

  it("uses a tool and goes on with the script once its result is in", async () => {
    const prompt = user('[[tool Bash {"command":"ls"}]][[reply listed]]');
    const first = await replyOf(await ask([prompt]));
    expect(first).toMatchObject({ stop_reason: "tool_use", content: [{ name: "Bash", input: { command: "ls" } }] });

    const second = await replyOf(await ask([prompt, { role: "assistant", content: first.content }, toolResult("a")]));
    expect(second.content).toEqual([{ type: "text", text: "listed" }]);
  });

  it("fails as often as it is told and then answers the retry", async () => {
    const messages = [user("[[error 529 retry-after 1 x 2]][[reply back]]")];
    const answers = [await ask(messages), await ask(messages), await ask(messages)];
    expect(answers.map((answer) => answer.status)).toEqual([529, 529, 200]);
    expect(answers[0]?.headers.get("retry-after")).toBe("1");
  });

  it("ends a stream that has begun with an error event", async () => {
    const text = await (await ask([user("[[reply part]][[error 529]]")], { stream: true })).text();
    expect(text).toContain('event: error\ndata: {"type":"error","error":{"type":"overloaded_error"');
    expect(text).not.toContain("message_stop");
  });

  it("cuts the connection", async () => {
    await expect(ask([user("[[drop]]")])).rejects.toThrow();
    expect(model.requests[0]?.repliedAt).toBeUndefined();
  });

  it("answers errands without counting them as a turn", async () => {
    const answer = await replyOf(await ask([user("x")], { tools: [], system: "Generate a concise title as JSON" }));
    expect(JSON.parse(answer.content[0]?.text ?? "")).toHaveProperty("title");
    expect(model.requests[0]?.kind).toBe("side");
  });

  it("lets a handler script the answer", async () => {
    await model.close();
    model = await startScriptedModel({
      clock: new SystemClock(),
      reply: (request) => (request.prompt === "x" ? [{ kind: "text", text: "by handler" }] : undefined),
    });
    expect((await replyOf(await ask([user("x")]))).content[0]?.text).toBe("by handler");
    expect((await replyOf(await ask([user("y")]))).content[0]?.text).toBe("echo: y");
  });

  it("answers start-up checks, token counts, unknown paths and broken bodies", async () => {
    expect((await fetch(model.url, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${model.url}/api/hello`)).status).toBe(200);
    const count = await fetch(`${model.url}/v1/messages/count_tokens`, { method: "POST", body: "{}" });
    expect(await count.json()).toEqual({ input_tokens: 1 });
    expect((await fetch(`${model.url}/v1/none`, { method: "POST", body: "{}" })).status).toBe(404);
    expect((await fetch(`${model.url}/v1/messages`, { method: "POST", body: "{" })).status).toBe(400);
  });

  it("closes while a reply is being said", async () => {
    const pending = ask([user("[[reply a]][[sleep 1h]]")], { stream: true }).then((answer) => answer.text());
    pending.catch(() => undefined);
    while (model.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await model.close();
    await expect(pending).rejects.toThrow();
  });
});
