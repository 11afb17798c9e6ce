import { describe, expect, it } from "vitest";
import type { MarkdownFile } from "../../src/core/ports/markdown-source.ts";
import { isSentBare, withProtocol } from "../../src/core/protocol.ts";
import { isProtocolProblem, readProtocol } from "../../src/core/protocol-file.ts";
import { splitFrontMatter } from "../../src/platform/front-matter.ts";

const read = (text: string) => {
  const file: MarkdownFile = { path: "/p/my-way.md", ...splitFrontMatter(text) };
  return readProtocol(file, "project");
};

function good(text: string) {
  const found = read(text);
  if (isProtocolProblem(found)) throw new Error(found.message);
  return found;
}

function bad(text: string): [number, string] {
  const found = read(text);
  if (!isProtocolProblem(found)) throw new Error("no problem was found");
  return [found.line, found.message];
}

describe("a protocol's file", () => {
  it("needs no front matter: then its name is the file's, and its message stands before each prompt", () => {
    expect(
      good("# Way\r\n\r\n## Message ##\r\n\r\nBe kind.\r\nBe brief.\r\n### Really\r\n\r\n# Rest\r\n"),
    ).toMatchObject({
      ...{
        name: "my-way",
        aliases: [],
        prepend: "always",
        message: "Be kind.\nBe brief.\n### Really",
        taskFiles: false,
      },
      onFailure: "none",
    });
  });

  it("may give the message itself, and any spelling of the keys", () => {
    const text =
      "---\nName: Kind\naliases: a, b+\nPREPEND: first\ntask-files: true\non_failure: fix\nmessage: Be kind.\nmore: 1\n---\n## Message\n\nNo.\n";
    expect(good(text)).toMatchObject({
      ...{
        name: "Kind",
        aliases: ["a", "b+"],
        prepend: "first",
        taskFiles: true,
        onFailure: "fix",
        message: "Be kind.",
      },
      text: "## Message\n\nNo.",
    });
  });

  it("a heading in a code fence is none", () => {
    expect(good("```md\n## Message\nNo.\n```\n")).toMatchObject({ message: "", prepend: "never" });
    expect(good("## Message\n```\n# not the end\n```\n## End\n").message).toBe("```\n# not the end\n```");
  });

  it.each([
    ["---\nname: none\n---\nx", 2, /what is said to have no protocol/],
    ["---\nname: x\nprepend: always\n---\nx", 3, /no section ## Message/],
    ["---\nname: x\ntaskFiles: perhaps\n---\nx", 3, /^taskFiles: write true or false/],
    ["---\n- a\n---\nx", 2, /no list of keys/],
    ["---\nname: x\n---\n  \n", 1, /holds no text/],
    ["---\nname: '--'\n---\nx", 2, /holds no letter/],
  ])("%j is refused in line %i", (text, line, message) => {
    expect(bad(text)).toEqual([line, expect.stringMatching(message)]);
  });
});

describe("a prompt with a protocol", () => {
  it("has the message before it, but for what begins with a slash", () => {
    expect(withProtocol({ message: "Be kind." }, "hi")).toBe("Be kind.\n\nhi");
    expect(withProtocol({ message: "" }, "hi")).toBe("hi");
    expect(["/clear", " \n/etc/hosts", "a /b"].map(isSentBare)).toEqual([true, true, false]);
  });
});
