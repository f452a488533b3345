/** What committed rows owe the engine: the only way by which one reaches it. */
import { DataTypes, Model } from 'sequelize';
import type {
  CreationOptional,
  InferAttributes,
  InferCreationAttributes,
  Sequelize,
} from 'sequelize';

export class OutboxRow extends Model<
  InferAttributes<OutboxRow>,
  InferCreationAttributes<OutboxRow>
> {
  declare organizationId: string;
  declare ticketId: string;
  /** The cause that the target's feed will show when it has arrived. */
  declare id: string;
  declare kind: 'start' | 'signal';
  declare name: string;
  declare payload: Readonly<Record<string, unknown>>;
  declare attempts: CreationOptional<number>;
  declare nextAt: CreationOptional<Date>;
  declare leaseUntil: CreationOptional<Date | null>;
  declare lastError: CreationOptional<string | null>;
  declare setAsideAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
}

export function initOutbox(sequelize: Sequelize): void {
  OutboxRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      ticketId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.TEXT, primaryKey: true },
      kind: { type: DataTypes.TEXT, allowNull: false },
      name: { type: DataTypes.TEXT, allowNull: false },
      payload: { type: DataTypes.JSONB, allowNull: false },
      attempts: { type: DataTypes.INTEGER, defaultValue: 0 },
      nextAt: { type: DataTypes.DATE(3) },
      leaseUntil: { type: DataTypes.DATE(3) },
      lastError: { type: DataTypes.TEXT },
      setAsideAt: { type: DataTypes.DATE(3) },
      createdAt: { type: DataTypes.DATE(3) },
    },
    { sequelize, tableName: 'engine_outbox', underscored: true, timestamps: false },
  );
}
