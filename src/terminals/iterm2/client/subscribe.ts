import { type Iterm2Client, type RequestOptions, requestFailed } from "./client.ts";
import type { Connection } from "./connection.ts";
import { Iterm2Error } from "./errors.ts";
import type { Notification } from "./messages.ts";
import { onAbort } from "./on-abort.ts";
import { statusName } from "./statuses.ts";
import { Subscription } from "./subscription.ts";
import { type EventOf, type Iterm2Event, idsOf, isAbout, keyOf, type Topic, toEvent, toRequest } from "./topics.ts";

/**
 * Subscribes to topics. Resolves when iTerm2 has confirmed each: list what is there afterwards, and nothing is missed.
 * The subscription belongs to the present connection and ends with it, as it does when `signal` aborts.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND, INVALID_IDENTIFIER)
 */
export async function subscribe<T extends Topic>(
  client: Iterm2Client,
  topics: readonly T[],
  options: RequestOptions = {},
): Promise<Subscription<EventOf<T>>> {
  const connection = await client.connect(options.signal);
  const undo: (() => void)[] = [];
  const cleanUp = () => {
    for (const step of undo.splice(0)) step();
  };
  const subscription = new Subscription<EventOf<T>>(cleanUp);
  // Before the requests: a notification can come before the answer.
  const forget = connection.listen({
    onNotification(notification) {
      const event = eventOf(notification);
      if (event && topics.some((topic) => isAbout(topic, event))) subscription.push(event as EventOf<T>);
    },
    onEnd(end) {
      subscription.finish(end);
      cleanUp();
    },
  });
  undo.push(forget);
  const requests = topics.map(async (topic) => {
    undo.push(claim(connection, topic, client.requestTimeoutMs));
    await request(connection, topic, true, { ...options, timeoutMs: options.timeoutMs ?? client.requestTimeoutMs });
  });
  const results = await Promise.allSettled(requests);
  const failure = results.find((result) => result.status === "rejected");
  if (failure) {
    subscription.stop();
    throw failure.reason;
  }
  if (options.signal?.aborted) subscription.stop();
  if (subscription.end === undefined) undo.push(onAbort(options.signal, () => subscription.stop()));
  return subscription;
}

const ALREADY_AS_ASKED = ["OK", "ALREADY_SUBSCRIBED", "NOT_SUBSCRIBED"];

async function request(
  connection: Connection,
  topic: Topic,
  isWanted: boolean,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const ids = idsOf(topic);
  const answer = await connection.send("notification", toRequest(topic, isWanted), { ...options, ids });
  const status = statusName("notification", answer.status);
  if (!ALREADY_AS_ASKED.includes(status)) throw requestFailed("notification", status, ids, { topic: topic.type });
}

/** iTerm2 knows one subscription per topic and connection: it is given up with the last of ours. Returns what does that. */
function claim(connection: Connection, topic: Topic, timeoutMs: number): () => void {
  const { claims } = connection;
  const key = keyOf(topic);
  claims.set(key, (claims.get(key) ?? 0) + 1);
  return () => {
    const left = (claims.get(key) ?? 1) - 1;
    if (left > 0) claims.set(key, left);
    else claims.delete(key);
    // Nobody waits for it; when it fails, events come that no one listens to.
    if (left === 0 && connection.isOpen) request(connection, topic, false, { timeoutMs }).catch(() => {});
  };
}

/** One that makes no sense is none: this client must not fall over what it receives. */
function eventOf(notification: Notification): Iterm2Event | undefined {
  try {
    return toEvent(notification);
  } catch (error) {
    if (error instanceof Iterm2Error) return undefined;
    throw error;
  }
}
