package dev.canvas.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingSettingsTest {

  @Test
  void nothingIsTracedUnlessACollectorIsNamed() {
    assertTrue(Configuration.load(null, Map.of()).tracing().isEmpty());
    TracingSettings tracing =
        Configuration.load(
                null,
                Map.of(
                    "CANVAS_TRACING_ENDPOINT",
                    "https://collector.example:4318",
                    "CANVAS_TRACING_HEADERS",
                    "api-key=a=b, x-team = shop",
                    "CANVAS_TRACING_SAMPLE",
                    "0.5"))
            .tracing()
            .orElseThrow();
    assertEquals("https://collector.example:4318", tracing.endpoint().toString());
    assertEquals(Map.of("api-key", "a=b", "x-team", "shop"), tracing.headers());
    assertEquals(0.5, tracing.sample());
    assertEquals("canvas", tracing.service());
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector:4318", "grpc://collector", "http://user:key@host", "http://"})
  void anEndpointIsAnAddressOverHttp(String endpoint) {
    StartFailure failure =
        assertThrows(
            StartFailure.class,
            () -> Configuration.load(null, Map.of("CANVAS_TRACING_ENDPOINT", endpoint)));
    assertTrue(
        failure
            .getMessage()
            .endsWith(": expected no value, or an address such as http://127.0.0.1:4318"),
        failure.getMessage());
  }

  @Test
  void aHeaderThatCannotBeSentIsRefusedWithoutItsKey() {
    StartFailure failure =
        assertThrows(
            StartFailure.class,
            () ->
                Configuration.load(
                    null, Map.of("CANVAS_TRACING_HEADERS", "api-key: 0123456789abcdef")));
    assertTrue(failure.getMessage().contains("entries NAME=VALUE"), failure.getMessage());
    assertFalse(failure.getMessage().contains("0123456789abcdef"), failure.getMessage());
  }
}
