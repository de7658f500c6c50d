/** How a Redis is found and reached: its URI, TLS, and the Sentinels that know where it is. */
package dev.canvas.redis;
