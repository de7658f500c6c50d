/** How a Postgres is found and reached: its URI, read once for JDBC and for the Vert.x client. */
package dev.canvas.postgres;
