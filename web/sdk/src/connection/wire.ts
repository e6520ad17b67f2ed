// Bytes ↔ requests and items.

import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Request } from '../gen/client.ts';
import { type Response, ServerFrame, type ServerItem } from '../gen/server.ts';

export type Operation = NonNullable<Request['operation']>;
export type OperationName = Operation['$case'];
export type Ask<K extends OperationName> = Extract<Operation, { $case: K }>['value'];
type Result = NonNullable<Response['result']>;
export type Answer<K extends OperationName> = Extract<Result, { $case: K }>['value'];

/** A frame is cut here; the server takes 1 MiB. */
const FRAME_BYTES = 512 * 1024;
const FRAME_REQUESTS = 500;

export function encodeRequest(id: number, operation: Operation): Uint8Array {
  return Request.encode({ id, operation }).finish();
}

/** Requests in as few frames as they fit into, in order. */
export function frames(requests: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const all: Uint8Array<ArrayBuffer>[] = [];
  let writer = new BinaryWriter();
  let [bytes, count] = [0, 0];
  const cut = () => {
    if (count > 0) {
      all.push(writer.finish() as Uint8Array<ArrayBuffer>);
      writer = new BinaryWriter();
      [bytes, count] = [0, 0];
    }
  };
  for (const request of requests) {
    if (bytes + request.length > FRAME_BYTES || count >= FRAME_REQUESTS) {
      cut();
    }
    // Field 1 of a ClientFrame.
    writer.uint32(10).bytes(request);
    bytes += request.length;
    count += 1;
  }
  cut();
  return all;
}

/** The items of a frame that this build knows. Throws on what is no frame. */
export function items(frame: ArrayBuffer): NonNullable<ServerItem['item']>[] {
  return ServerFrame.decode(new Uint8Array(frame)).items.flatMap(item => item.item ?? []);
}
