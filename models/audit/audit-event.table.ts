/** What people did to the organization itself; tickets have their feed. */
import { DataTypes, Model } from 'sequelize';
import type { InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize';

type Facts = Readonly<Record<string, unknown>>;

export class AuditEventRow extends Model<
  InferAttributes<AuditEventRow>,
  InferCreationAttributes<AuditEventRow>
> {
  declare organizationId: string;
  declare id: string;
  declare at: Date;
  declare action: string;
  declare actor: Facts;
  declare actorId: string | null;
  declare address: string;
  declare requestId: string;
  declare targetType: string;
  declare targetId: string;
  declare targetName: string;
  declare before: Facts | null;
  declare after: Facts | null;
}

export function initAuditEvents(sequelize: Sequelize): void {
  // Sequelize writes into what it is given: each column has a description of its own.
  const text = () => ({ type: DataTypes.TEXT, allowNull: false });
  AuditEventRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      at: { type: DataTypes.DATE(3), allowNull: false },
      action: text(),
      actor: { type: DataTypes.JSONB, allowNull: false },
      actorId: { type: DataTypes.UUID },
      address: text(),
      requestId: text(),
      targetType: text(),
      targetId: { type: DataTypes.UUID, allowNull: false },
      targetName: text(),
      before: { type: DataTypes.JSONB },
      after: { type: DataTypes.JSONB },
    },
    { sequelize, tableName: 'audit_events', underscored: true, timestamps: false },
  );
}
