import { DataSource } from "typeorm";
import { Author, Book, Loan, Member, OpenLoan } from "./entities";

export const dataSource = new DataSource({
  type: "better-sqlite3",
  database: "library.db",
  entities: [Author, Book, Member, Loan, OpenLoan],
});
