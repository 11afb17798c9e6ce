import { iterm2 as requests } from "./generated/requests.js";
import { iterm2 as responses } from "./generated/responses.js";
import { wellFormed } from "./well-formed.ts";

type Parts<Message, Suffix extends string> = {
  [Name in keyof Message as Name extends `${infer Kind}${Suffix}` ? Kind : never]-?: NonNullable<Message[Name]>;
};

/** Content of each kind of request. */
export type Requests = Parts<requests.ClientOriginatedMessage.$Properties, "Request">;
/** Content of each kind of answer. An absent number is its default, 0 unless the .proto file says otherwise. */
export type Responses = Parts<responses.ServerOriginatedMessage.$Properties, "Response">;
export type RequestKind = keyof Requests & keyof Responses & string;

export type Notification = responses.Notification.$Properties;
export type Listing = responses.ListSessionsResponse.$Properties;
export type FocusChange = responses.FocusChangedNotification.$Properties;
export type ServerMessage = responses.ServerOriginatedMessage.$Properties;

export function encodeRequest<K extends RequestKind>(id: number, kind: K, content: Requests[K]): Uint8Array {
  return requests.ClientOriginatedMessage.encode({ id, [`${kind}Request`]: wellFormed(content) }).finish();
}

/** @throws when the bytes are no message */
export function decodeServerMessage(bytes: Uint8Array): ServerMessage {
  return responses.ServerOriginatedMessage.decode(bytes);
}

/** The content of an answer to this kind of request; undefined when the message holds none. */
export function responseOf<K extends RequestKind>(kind: K, message: ServerMessage): Responses[K] | undefined {
  const content = (message as Partial<Record<string, Responses[K] | null>>)[`${kind}Response`];
  return content ?? undefined;
}
