/**
 * Reads what others put into a message. The SDK gives up a whole workflow task on a payload that it
 * cannot decode, and tries again for ever: one signal by hand would hold up a ticket.
 */
import { DefaultPayloadConverter, type Payload } from '@temporalio/common';

class PatientPayloadConverter extends DefaultPayloadConverter {
  override fromPayload<T>(payload: Payload): T {
    try {
      return super.fromPayload<T>(payload);
    } catch (error) {
      // No message of ours looks like this, so it is refused like any other rubbish.
      const reason = error instanceof Error ? error.message : String(error);
      return { unreadable: reason } as T;
    }
  }
}

export const payloadConverter = new PatientPayloadConverter();
