// The types of one operation of the contract: what it takes and what it answers.
import type { paths } from "./schema.js";

type Method = "get" | "post" | "patch" | "put" | "delete";
type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;
type JsonOf<R> = R extends { content: { "application/json": infer Content } } ? Content : never;

/** The JSON of an answer with this status. */
export type AnswerOf<P extends keyof paths, M extends Method, S extends number> =
  Operation<P, M> extends { responses: infer R } ? (S extends keyof R ? JsonOf<R[S]> : never) : never;

/** The JSON of a success. */
export type Answer<P extends keyof paths, M extends Method> = AnswerOf<P, M, 200> | AnswerOf<P, M, 201> | AnswerOf<P, M, 202>;

/** What a request's body holds. */
export type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: infer R } ? JsonOf<NonNullable<R>> : never;

/** The query's parameters. */
export type Query<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { parameters: { query?: infer Q } } ? NonNullable<Q> : Record<string, never>;

/** One object of a list. */
export type Item<P extends keyof paths, M extends Method> = Answer<P, M> extends { data: (infer I)[] } ? I : never;
