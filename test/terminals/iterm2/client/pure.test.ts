import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs } from "../../../../src/terminals/iterm2/client/back-off.ts";
import { toRow } from "../../../../src/terminals/iterm2/client/cells.ts";
import { Credentials } from "../../../../src/terminals/iterm2/client/credentials.ts";
import { toFocus } from "../../../../src/terminals/iterm2/client/focus.ts";
import { invocation, plainTitle } from "../../../../src/terminals/iterm2/client/functions.ts";
import { InOrder } from "../../../../src/terminals/iterm2/client/in-order.ts";
import { fromJson, type JsonValue, toJson } from "../../../../src/terminals/iterm2/client/json.ts";
import { toListing } from "../../../../src/terminals/iterm2/client/listing.ts";
import { defaultSocketPath } from "../../../../src/terminals/iterm2/client/options.ts";
import { profileProperties } from "../../../../src/terminals/iterm2/client/profile.ts";
import { parseProtocolVersion } from "../../../../src/terminals/iterm2/client/protocol-version.ts";
import { toScreen } from "../../../../src/terminals/iterm2/client/screen.ts";
import { chunks } from "../../../../src/terminals/iterm2/client/send-text.ts";
import { SingleFlight } from "../../../../src/terminals/iterm2/client/single-flight.ts";
import { statusName } from "../../../../src/terminals/iterm2/client/statuses.ts";
import { Subscription } from "../../../../src/terminals/iterm2/client/subscription.ts";
import { wellFormed } from "../../../../src/terminals/iterm2/client/well-formed.ts";

describe("iTerm2 client: cells", () => {
  const runs = (...pairs: [number, number][]) => pairs.map(([numCodePoints, repeats]) => ({ numCodePoints, repeats }));

  it("puts blanks where iTerm2 sends none, and nothing after a wide character", () => {
    const row = toRow({
      text: "a漢e\u0301👍🏽z",
      codePointsPerCell: runs([1, 2], [0, 3], [2, 1], [2, 1], [0, 1], [1, 1]),
    });

    expect(row.cells).toEqual(["a", "漢", "", " ", " ", "e\u0301", "👍🏽", "", "z"]);
    expect(row.text).toBe("a漢  e\u0301👍🏽z");
  });

  it("takes a cell for each code point that is not described, and drops trailing blanks", () => {
    expect(toRow({ text: "ab " })).toEqual({ cells: ["a", "b", " "], text: "ab", isWrapped: false });
    expect(toRow({})).toEqual({ cells: [], text: "", isWrapped: false });
  });

  it("ends the last line even when it is wrapped", () => {
    expect(
      toScreen({
        contents: [
          { text: "a", continuation: 2 },
          { text: "b", continuation: 2 },
        ],
      }).lines,
    ).toEqual(["ab"]);
  });
});

describe("iTerm2 client: text", () => {
  it("cuts into pieces of bounded size that add up, and never inside a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 4, max: 16 }), (text, max) => {
        const pieces = [...chunks(text, max)];
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) {
          expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(max);
          expect(piece).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
    expect([...chunks("", 4)]).toEqual([]);
  });

  it("replaces halves of surrogate pairs wherever they stand, and nothing else", () => {
    expect(wellFormed({ a: ["\udc00x", "👍"], b: { c: "\ud83d" }, n: 1, z: null })).toEqual({
      a: ["\ufffdx", "👍"],
      b: { c: "\ufffd" },
      n: 1,
      z: null,
    });
  });

  it("quotes strings for iTerm2's expressions, and defuses interpolation in titles", () => {
    expect(invocation("f", { a: 'x"\\', b: 1, c: true })).toBe('f(a: "x\\"\\\\", b: 1, c: true)');
    expect(plainTitle("a\\(b) \\\\(c)\n\u001b]0;d")).toBe("a(b) (c)  ]0;d");
  });
});

describe("iTerm2 client: values", () => {
  it("refuses values without JSON form, and null for a profile key", () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 0]) {
      expect(() => toJson("x", value as JsonValue)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    }
    expect(() => profileProperties({ Command: null })).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => fromJson("variable", "{")).toThrow(expect.objectContaining({ code: "BAD_ANSWER" }));
  });

  it("never takes an unknown status for OK, and an absent one always", () => {
    expect(statusName("createTab", 99)).toBe("STATUS_99");
    expect(statusName("createTab", -1)).toBe("STATUS_-1");
    expect(statusName("listSessions", 3)).toBe("STATUS_3");
    expect(statusName("variable", undefined)).toBe("OK");
  });

  it("keeps cookie and key out of everything that prints", () => {
    const credentials = new Credentials("c00c1e", "KEY");
    const shown = [
      inspect(credentials, { depth: 9, showHidden: true }),
      JSON.stringify({ credentials }),
      `${credentials}`,
    ];

    expect(shown.join()).not.toMatch(/c00c1e|KEY/);
    expect(credentials.headers()).toEqual({ "x-iterm2-cookie": "c00c1e", "x-iterm2-key": "KEY" });
  });

  it("knows the socket of a suite, and takes no version for the lowest", () => {
    expect(defaultSocketPath("/Users/x")).toBe("/Users/x/Library/Application Support/iTerm2/private/socket");
    expect(defaultSocketPath("/Users/x", "beta")).toContain("/beta/private/");
    expect(parseProtocolVersion("1.17")).toEqual({ major: 1, minor: 17 });
    expect(parseProtocolVersion(undefined)).toEqual({ major: 0, minor: 0 });
  });

  it("backs off from a quarter of a second to five, with jitter", () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => backOffMs(attempt, 0))).toEqual([
      250, 500, 1000, 2000, 4000, 5000, 5000,
    ]);
    expect(backOffMs(6, 0.999)).toBeCloseTo(2500, -1);
  });
});

describe("iTerm2 client: focus", () => {
  it("is the active pane of the selected tab of the key window, whatever is named last", () => {
    const tab = (tabId: string, ...ids: string[]) => ({
      tabId,
      root: { links: ids.map((uniqueIdentifier) => ({ session: { uniqueIdentifier } })) },
    });
    const listing = toListing({
      windows: [
        { windowId: "W1", tabs: [tab("1", "a", "b"), tab("2", "c")] },
        { windowId: "W2", tabs: [tab("3", "d")] },
      ],
    });
    const changes = [
      { applicationActive: true },
      { window: { windowStatus: 0, windowId: "W1" } },
      { selectedTab: "1" },
      { session: "b" },
      { session: "c" },
      { selectedTab: "3" },
      { session: "d" },
    ];

    expect(toFocus(changes, listing)).toEqual({ isAppActive: true, windowId: "W1", tabId: "1", sessionId: "b" });
    expect(toFocus([{ applicationActive: false }, { window: { windowId: "" } }], listing)).toEqual({
      isAppActive: false,
    });
  });
});

describe("iTerm2 client: subscriptions", () => {
  const event = (type: string, sessionId = "S") => ({ type, sessionId });

  it("gives readers the events in order, and what came before the end", async () => {
    const subscription = new Subscription<{ type: string; sessionId: string }>(() => {});
    const first = subscription.next();
    subscription.push(event("new-session", "1"));
    subscription.push(event("new-session", "2"));
    subscription.finish("lost");
    subscription.push(event("new-session", "3"));

    const rest = [];
    for await (const { sessionId } of subscription) rest.push(sessionId);

    expect([(await first).value?.sessionId, ...rest]).toEqual(["1", "2"]);
    expect(subscription.end).toBe("lost");
  });

  it("keeps one redraw of a session that nobody reads, and gives up after ten thousand other events", async () => {
    let stops = 0;
    const subscription = new Subscription<{ type: string; sessionId: string }>(() => stops++);
    for (let i = 0; i < 20; i++) subscription.push(event("screen-update"));
    subscription.push(event("screen-update", "T"));
    for (let i = 0; i < 10_000; i++) subscription.push(event("new-session", String(i)));

    let count = 0;
    for await (const _event of subscription) count++;

    expect(count).toBe(10_001);
    expect([subscription.end, stops]).toEqual(["overflow", 1]);
  });

  it("stops once, drops what nobody read, and lets a waiting reader go", async () => {
    let stops = 0;
    const subscription = new Subscription(() => stops++);
    const waiting = subscription.next();
    subscription.stop();
    subscription.stop();

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect([subscription.end, stops]).toEqual(["stopped", 1]);
  });
});

describe("iTerm2 client: order and sharing", () => {
  it("runs work of one key in order, also after a failure, and other keys meanwhile", async () => {
    const inOrder = new InOrder();
    const seen: string[] = [];
    let release = () => {};
    const first = inOrder.run("a", async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      seen.push("a1");
      throw new Error("a1");
    });
    const second = inOrder.run("a", async () => void seen.push("a2"));
    await inOrder.run("b", async () => void seen.push("b"));
    release();

    await expect(first).rejects.toThrow("a1");
    await second;
    expect(seen).toEqual(["b", "a1", "a2"]);
  });

  it("aborts shared work only when the last of its callers gives up", async () => {
    const flight = new SingleFlight<string>();
    let starts = 0;
    const signals: AbortSignal[] = [];
    const work = (signal: AbortSignal) => {
      starts++;
      signals.push(signal);
      return new Promise<string>((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("x"))));
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const results = [flight.run(work, one.signal), flight.run(work, two.signal)].map((result) =>
      expect(result).rejects.toMatchObject({ code: "ABORTED" }),
    );

    one.abort();
    expect(signals[0]?.aborted).toBe(false);
    two.abort();
    expect(signals[0]?.aborted).toBe(true);
    await Promise.all(results);
    expect(starts).toBe(1);

    await expect(flight.run(async () => "next")).resolves.toBe("next");
  });
});
