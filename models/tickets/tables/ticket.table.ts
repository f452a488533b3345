/** The row is the state of a ticket: what lists filter by as columns, the rest in `snapshot`. */
import { DataTypes, Model, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import type { Sequelize } from 'sequelize';
import type { Snapshot } from '../snapshot';
import type { Channel, Level, Priority } from '../ticket';

export class TicketRow extends Model<
  InferAttributes<TicketRow>,
  InferCreationAttributes<TicketRow>
> {
  declare organizationId: string;
  declare id: string;
  declare type: string;
  declare number: string;
  declare definitionVersion: number;
  declare state: string;
  declare isOpen: boolean;
  declare isSettled: boolean;
  declare version: number;
  declare revision: number;
  declare life: number;
  declare title: string;
  declare description: string;
  declare impact: Level | null;
  declare urgency: Level | null;
  declare priority: Priority | null;
  declare requesterId: string;
  declare openedById: string;
  declare assigneeId: string | null;
  declare teamId: string | null;
  declare confidentialTeamId: string | null;
  declare serviceId: string | null;
  declare categoryId: string | null;
  declare watcherIds: string[];
  declare awaitedIds: string[];
  declare tags: string[];
  declare channel: Channel;
  declare openedAt: Date;
  declare plannedStart: Date | null;
  declare plannedEnd: Date | null;
  declare resolvedAt: Date | null;
  declare closedAt: Date | null;
  declare dueAt: Date | null;
  declare updatedAt: Date;
  declare snapshot: Snapshot;
  declare nextDueAt: Date | null;
  declare leaseUntil: Date | null;
}

const required = <T>(type: T) => ({ type, allowNull: false });

export function initTickets(sequelize: Sequelize): void {
  TicketRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      type: required(DataTypes.TEXT),
      number: required(DataTypes.TEXT),
      definitionVersion: required(DataTypes.INTEGER),
      state: required(DataTypes.TEXT),
      isOpen: required(DataTypes.BOOLEAN),
      isSettled: required(DataTypes.BOOLEAN),
      version: required(DataTypes.INTEGER),
      revision: required(DataTypes.INTEGER),
      life: required(DataTypes.INTEGER),
      title: required(DataTypes.TEXT),
      description: required(DataTypes.TEXT),
      impact: DataTypes.TEXT,
      urgency: DataTypes.TEXT,
      priority: DataTypes.TEXT,
      requesterId: required(DataTypes.UUID),
      openedById: required(DataTypes.UUID),
      assigneeId: DataTypes.UUID,
      teamId: DataTypes.UUID,
      confidentialTeamId: DataTypes.UUID,
      serviceId: DataTypes.UUID,
      categoryId: DataTypes.UUID,
      watcherIds: required(DataTypes.ARRAY(DataTypes.UUID)),
      awaitedIds: required(DataTypes.ARRAY(DataTypes.UUID)),
      tags: required(DataTypes.ARRAY(DataTypes.TEXT)),
      channel: required(DataTypes.TEXT),
      openedAt: required(DataTypes.DATE(3)),
      plannedStart: DataTypes.DATE(3),
      plannedEnd: DataTypes.DATE(3),
      resolvedAt: DataTypes.DATE(3),
      closedAt: DataTypes.DATE(3),
      dueAt: DataTypes.DATE(3),
      updatedAt: required(DataTypes.DATE(3)),
      snapshot: required(DataTypes.JSONB),
      nextDueAt: DataTypes.DATE(3),
      leaseUntil: DataTypes.DATE(3),
    },
    { sequelize, tableName: 'tickets', underscored: true, timestamps: false },
  );
}
