import type { Iterm2Model } from "../model/model.ts";
import { child, type Message, text } from "../wire/message.ts";
import { findSession, type Handler, type RequestContext } from "./context.ts";

const STATUS = { TIMEOUT: 1, FAILED: 2, REQUEST_MALFORMED: 3, INVALID_ID: 4 } as const;

type Arguments = Map<string, string | boolean>;

/** The functions that an orchestrator has a use for; any other one is unknown. */
export const invokeFunction: Handler = async (request, context) => {
  const receiver = child(request, "method");
  if (!receiver && !hasContext(request, context)) return failed(STATUS.INVALID_ID, "No such object");
  const call = parseInvocation(text(request, "invocation") ?? "", context);
  if (!call) return failed(STATUS.REQUEST_MALFORMED, "Cannot parse the invocation");
  const { name, args } = call;
  if (receiver) return invokeMethod(text(receiver, "receiver") ?? "", name, args, context);
  if (name === "iterm2.move_session" && child(request, "app")) return moveSession(args, context.model);
  return failed(STATUS.FAILED, `No function ${name}`);
};

function invokeMethod(receiver: string, name: string, args: Arguments, context: RequestContext): Message {
  const { model, violations } = context;
  if (name === "iterm2.set_title") {
    const title = args.get("title");
    const target = model.tab(receiver)?.tab ?? model.window(receiver);
    if (!target) return failed(STATUS.FAILED, `No receiver ${receiver}`);
    if (typeof title !== "string" || args.size !== 1) return failed(STATUS.FAILED, "Missing argument title");
    // The title is an interpolated string itself: a backslash that is not doubled, with a parenthesis, is code.
    if (/(?<!\\)(?:\\\\)*\\\(/.test(title)) violations.record(`The title ${JSON.stringify(title)} would be executed`);
    target.titleOverride = title === "" ? undefined : title.replace(/\\(.)/g, "$1");
    return succeeded(null);
  }
  if (name === "iterm2.set_name") {
    const value = args.get("name");
    const session = model.session(receiver);
    if (!session) return failed(STATUS.FAILED, `No receiver ${receiver}`);
    if (typeof value !== "string" || args.size !== 1) return failed(STATUS.FAILED, "Missing argument name");
    session.profile.set("Name", value);
    model.variableChanged(1, session.id, "name", value);
    return succeeded(null);
  }
  return failed(STATUS.FAILED, `No method ${name}`);
}

async function moveSession(args: Arguments, model: Iterm2Model): Promise<Message> {
  const [session, destination] = [args.get("session"), args.get("destination")].map((id) => model.session(String(id)));
  const place = destination && model.placeOf(destination);
  if (!session || !place || session === destination || session.isBuried)
    return failed(STATUS.FAILED, "No such session");
  model.move(session, destination, {
    isVertical: args.get("vertical") === true,
    isBefore: args.get("before") === true,
  });
  return succeeded(null);
}

/** `name(key: "text", other: true)`; arguments are named, never positional. */
function parseInvocation(
  invocation: string,
  { violations }: RequestContext,
): { name: string; args: Arguments } | undefined {
  const [, name, list] = /^\s*([\w.]+)\(([\s\S]*)\)\s*$/.exec(invocation) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const args: Arguments = new Map();
  const pattern = /\s*(\w+)\s*:\s*(?:"((?:[^"\\]|\\[\s\S])*)"|(true|false))\s*(,|$)/y;
  while (pattern.lastIndex < list.length) {
    const [whole, key, literal, keyword] = pattern.exec(list) ?? [];
    if (whole === undefined || key === undefined) return undefined;
    if (literal !== undefined && /(?<!\\)(?:\\\\)*\\\(/.test(literal)) {
      violations.record(`iTerm2 would execute what stands in \\(…) of ${invocation}`);
    }
    args.set(key, literal === undefined ? keyword === "true" : unescaped(literal));
  }
  return { name, args };
}

function unescaped(literal: string): string {
  return literal.replace(/\\([\s\S])/g, (_, next: string) => ({ n: "\n", t: "\t", r: "\r" })[next] ?? next);
}

function hasContext(request: Message, context: RequestContext): boolean {
  const { model } = context;
  const [tab, session, window] = ["tab", "session", "window"].map((name) => child(request, name));
  if (tab) return model.tab(text(tab, "tab_id") ?? "") !== undefined;
  if (session) return findSession(context, text(session, "session_id")) !== undefined;
  if (window) return model.window(text(window, "window_id") ?? "") !== undefined;
  return child(request, "app") !== undefined;
}

function succeeded(result: unknown): Message {
  return { success: { json_result: JSON.stringify(result) } };
}

function failed(status: number, error_reason: string): Message {
  return { error: { status, error_reason } };
}
