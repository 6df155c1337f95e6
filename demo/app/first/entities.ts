import {
  Check,
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
  ViewColumn,
  ViewEntity,
} from "typeorm";

@Entity()
export class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
}

@Entity()
@Check("book_pages", "pages > 0")
export class Book {
  @PrimaryGeneratedColumn() id: number;
  @Index() @Column({ length: 120 }) title: string;
  @Column() pages: number;
  @Column({ type: "simple-enum", enum: ["hardcover", "paperback"], default: "paperback" }) binding: string;
  @ManyToMany(() => Author) @JoinTable() authors: Author[];
}

@Entity()
export class Member {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) email: string;
}

@Entity()
@Index("loan_open", ["book"], { where: "returned_at IS NULL" })
export class Loan {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Book, { nullable: false, onDelete: "CASCADE" }) book: Book;
  @ManyToOne(() => Member, { nullable: false, onDelete: "CASCADE" }) member: Member;
  @Column({ type: "datetime", default: () => "CURRENT_TIMESTAMP" }) taken_at: Date;
  @Column({ type: "datetime", nullable: true }) returned_at: Date;
}

@ViewEntity({
  name: "open_loan",
  expression: `SELECT "id", "bookId" FROM "loan" WHERE "returned_at" IS NULL`,
})
export class OpenLoan {
  @ViewColumn() id: number;
  @ViewColumn() bookId: number;
}
