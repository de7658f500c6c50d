package dev.canvas.app.config;

import java.util.Optional;

/**
 * A setting, for those who want to see it. Immutable.
 *
 * @param key such as {@code http.port}
 * @param variable its name in the environment
 * @param value without its secrets
 * @param source the file or the variable that has set it; empty if it has its default
 * @param allowed what it may be; empty if its type does not say
 */
public record Setting(
    String key, String variable, String value, Optional<String> source, String allowed) {}
