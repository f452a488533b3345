/**
 * Reads what others put into a message. The SDK gives up a whole workflow task on a payload that it
 * cannot decode, and tries again for ever: one signal by hand would hold up a ticket.
 */
import { DefaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

class PatientPayloadConverter extends DefaultPayloadConverter {
  override fromPayload<T>(...given: Parameters<PayloadConverter['fromPayload']>): T;
  override fromPayload(...given: Parameters<PayloadConverter['fromPayload']>): unknown {
    try {
      return super.fromPayload<unknown>(...given);
    } catch (error) {
      // No message of ours looks like this, so it is refused like any other rubbish.
      return { unreadable: error instanceof Error ? error.message : String(error) };
    }
  }
}

export const payloadConverter = new PatientPayloadConverter();
