"""What finance people take away: journal exports, statements, closed months, fee invoices and audit packs."""
