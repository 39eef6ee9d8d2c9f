// What calls answer beside plain objects: lists as iterators, and files.
import type { Given, Options, Transport } from "./transport.js";

/** A file, such as a picture or CSV. */
export class Content {
  constructor(
    private readonly headers: Headers,
    readonly body: Uint8Array,
  ) {}

  get mediaType(): string {
    return (this.headers.get("Content-Type") ?? "").split(";")[0]?.trim() ?? "";
  }

  /** The file as UTF-8 text. */
  get text(): string {
    return new TextDecoder().decode(this.body);
  }

  /** Where the next page of a CSV list begins; undefined at the end. */
  get nextCursor(): string | undefined {
    return this.headers.get("X-Next-Cursor") ?? undefined;
  }
}

/** One page of a list. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** A list: `for await` its objects, or its `pages()`. It asks for the next page when the last one is used up. */
export class Pages<T> implements AsyncIterable<T> {
  constructor(
    private readonly transport: Transport,
    private readonly method: string,
    private readonly path: string,
    private readonly given: Given,
    private readonly options: Options,
  ) {}

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** Page after page, from a cursor or from the start. */
  async *pages(cursor?: string): AsyncGenerator<Page<T>, void> {
    for (let at = cursor; ; ) {
      const query = at === undefined ? this.given.query : { ...this.given.query, cursor: at };
      const given = query === undefined ? this.given : { ...this.given, query };
      const page = await this.transport.json<Page<T>>(this.method, this.path, given, this.options);
      yield page;
      if (page.next_cursor === null) return;
      at = page.next_cursor;
    }
  }

  /** The first object; undefined when there is none. */
  async first(): Promise<T | undefined> {
    for await (const each of this) return each;
    return undefined;
  }

  /** All objects. */
  async all(): Promise<T[]> {
    const found: T[] = [];
    for await (const each of this) found.push(each);
    return found;
  }
}
