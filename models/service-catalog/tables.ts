/** The tables of the catalog that administrators edit. */
import { DataTypes, Model, type ModelAttributes, type Sequelize } from 'sequelize';

export class CatalogCategoryRow extends Model {}
export class CatalogItemRow extends Model {}

/** Made anew for each model: Sequelize writes into what it is given. */
const common = (): ModelAttributes => ({
  organizationId: { type: DataTypes.UUID, primaryKey: true },
  id: { type: DataTypes.UUID, primaryKey: true },
  name: { type: DataTypes.TEXT, allowNull: false },
  position: { type: DataTypes.INTEGER, allowNull: false },
  revision: { type: DataTypes.INTEGER, allowNull: false },
});

export function initServiceCatalog(sequelize: Sequelize): void {
  const options = { sequelize, underscored: true, timestamps: false };
  CatalogCategoryRow.init(
    {
      ...common(),
      description: { type: DataTypes.TEXT, allowNull: false },
      parentId: DataTypes.UUID,
      isActive: { type: DataTypes.BOOLEAN, allowNull: false },
    },
    { ...options, tableName: 'catalog_categories' },
  );
  CatalogItemRow.init(
    { ...common(), categoryId: { type: DataTypes.UUID, allowNull: false } },
    { ...options, tableName: 'catalog_items' },
  );
}
