/**
 * Reads what others put into a message. The SDK gives up a whole workflow task on a payload that it
 * cannot decode, and tries again for ever: one signal by hand would hold up a ticket.
 */
import { DefaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

const usual = new DefaultPayloadConverter();

export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => usual.toPayload(value, context, hint),
  fromPayload: (payload, context, hint) => {
    try {
      return usual.fromPayload(payload, context, hint);
    } catch (error) {
      return unreadable(error);
    }
  },
};

/** No message of ours looks like this, so it is refused like any other rubbish. */
function unreadable(error: unknown): never {
  return { unreadable: error instanceof Error ? error.message : String(error) } as never;
}
