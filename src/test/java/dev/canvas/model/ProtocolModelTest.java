package dev.canvas.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.Mutant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The protocol keeps its promise in every state that it can reach, and none of its rules can be
 * left out. {@code docs/protocol-model.md} explains the model.
 */
class ProtocolModelTest {

  /**
   * They are about how the store numbers its versions. The model takes it for granted that a later
   * state has a higher one.
   */
  private static final Set<Mutant> OUTSIDE =
      EnumSet.of(Mutant.VERSION_BEFORE_THE_LOCK, Mutant.NO_TOMBSTONE);

  @ParameterizedTest
  @EnumSource
  void noStateBreaksThePromise(Scope scope) {
    long begin = System.nanoTime();
    Explorer explorer = new Explorer(new Protocol(scope, Rule.NONE, true));
    List<String> trace = explorer.explore(State.INITIAL);
    System.out.printf(
        "%s: %,d states in %.1f s%n", scope, explorer.size(), (System.nanoTime() - begin) / 1e9);
    assertEquals("", String.join("\n", trace));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenRuleHasACounterexample(Rule rule) {
    Explorer explorer = new Explorer(new Protocol(rule.scope, rule, false));
    List<String> trace = explorer.explore(State.INITIAL);
    assertFalse(trace.isEmpty(), "the rule can be left out");
    System.out.printf(
        "%s: %d steps, found after %,d states%n%s%n",
        rule, trace.size(), explorer.size(), String.join("\n", trace));
    assertTrue(trace.get(trace.size() - 1).contains(Field.VIOLATION.name()));
  }

  @Test
  void everyMutantIsInTheModelOrOutsideOfIt() {
    Set<String> rules = Arrays.stream(Rule.values()).map(Rule::name).collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>();
    for (Mutant mutant : Mutant.values()) {
      if (rules.contains(mutant.name()) == OUTSIDE.contains(mutant)) {
        missing.add(mutant.name());
      }
    }
    assertEquals(Set.of(), missing);
  }
}
