/** Facts that were refused, or set aside because a rule failed; outcomes too, kept by cause. */
import { DataTypes, Model } from 'sequelize';
import type {
  CreationOptional,
  InferAttributes,
  InferCreationAttributes,
  Sequelize,
} from 'sequelize';
import type { ErrorCode } from '../../errors';
import type { Fact } from '../fact';

export class RefusalRow extends Model<
  InferAttributes<RefusalRow>,
  InferCreationAttributes<RefusalRow>
> {
  declare organizationId: string;
  declare ticketId: string;
  declare cause: string;
  declare outcome: 'refused' | 'failed';
  declare name: string;
  declare code: ErrorCode;
  declare message: string;
  declare details: Readonly<Record<string, unknown>>;
  declare fact: Fact;
  declare recordedAt: CreationOptional<Date>;
  declare retriedAt: CreationOptional<Date | null>;
}

export function initRefusals(sequelize: Sequelize): void {
  RefusalRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      ticketId: { type: DataTypes.UUID, primaryKey: true },
      cause: { type: DataTypes.TEXT, primaryKey: true },
      outcome: { type: DataTypes.TEXT, allowNull: false },
      name: { type: DataTypes.TEXT, allowNull: false },
      code: { type: DataTypes.TEXT, allowNull: false },
      message: { type: DataTypes.TEXT, allowNull: false },
      details: { type: DataTypes.JSONB, allowNull: false },
      fact: { type: DataTypes.JSONB, allowNull: false },
      recordedAt: { type: DataTypes.DATE(3) },
      retriedAt: { type: DataTypes.DATE(3) },
    },
    { sequelize, tableName: 'ticket_refusals', underscored: true, timestamps: false },
  );
}
