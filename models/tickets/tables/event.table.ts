/** The feed: audit trail, activity stream, and source of everything that is told to others. */
import { DataTypes, Model } from 'sequelize';
import type {
  CreationOptional,
  InferAttributes,
  InferCreationAttributes,
  Sequelize,
} from 'sequelize';
import type { FactActor, Via } from '../fact';
import type { Visibility } from '../owed';

export class EventRow extends Model<InferAttributes<EventRow>, InferCreationAttributes<EventRow>> {
  declare organizationId: string;
  /** Order over all tickets of the installation; bigint, so a string. */
  declare seq: CreationOptional<string>;
  declare id: string;
  declare ticketId: string;
  declare version: number;
  declare cause: string;
  declare type: string;
  declare visibility: Visibility;
  declare actor: FactActor;
  declare via: Via;
  declare occurredAt: Date;
  declare recordedAt: CreationOptional<Date>;
  declare data: Readonly<Record<string, unknown>>;
}

export function initEvents(sequelize: Sequelize): void {
  EventRow.init(
    {
      organizationId: { type: DataTypes.UUID, allowNull: false },
      seq: { type: DataTypes.BIGINT, autoIncrement: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      ticketId: { type: DataTypes.UUID, allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      cause: { type: DataTypes.TEXT, allowNull: false },
      type: { type: DataTypes.TEXT, allowNull: false },
      visibility: { type: DataTypes.TEXT, allowNull: false },
      actor: { type: DataTypes.JSONB, allowNull: false },
      via: { type: DataTypes.TEXT, allowNull: false },
      occurredAt: { type: DataTypes.DATE(3), allowNull: false },
      recordedAt: { type: DataTypes.DATE(3) },
      data: { type: DataTypes.JSONB, allowNull: false },
    },
    { sequelize, tableName: 'ticket_events', underscored: true, timestamps: false },
  );
}
