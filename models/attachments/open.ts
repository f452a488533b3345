/** The store that the settings name. */
import { folderStore } from './folder-store';
import { s3Store, type Bucket } from './s3-store';
import type { AttachmentStore } from './store';

export interface Place {
  readonly folder: string;
  /** In place of the folder. */
  readonly s3?: Bucket | undefined;
}

export async function openStore({ folder, s3 }: Place): Promise<AttachmentStore> {
  return s3 === undefined ? folderStore(folder) : s3Store(s3);
}
