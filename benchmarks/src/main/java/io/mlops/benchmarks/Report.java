package io.mlops.benchmarks;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Prints figures as lines {@code name value unit}; after a figure with a budget comes the budget. Not thread-safe. */
final class Report {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private final PrintStream out;
    private final List<String> missed = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void line(String name, String value, String unit) {
        out.println(name + " " + value + " " + unit);
    }

    void line(String name, double value, String unit) {
        line(name, text(value), unit);
    }

    /** A budget that is no number is none. */
    void atMost(double budget, String name, double value, String unit) {
        withBudget("at-most", budget, value <= budget, name, value, unit);
    }

    void atLeast(double budget, String name, double value, String unit) {
        withBudget("at-least", budget, value >= budget, name, value, unit);
    }

    /** The figures beyond their budgets. */
    List<String> missed() {
        return List.copyOf(missed);
    }

    private void withBudget(String kind, double budget, boolean met, String name, double value, String unit) {
        line(name, value, unit);
        if (Double.isNaN(budget)) {
            return;
        }
        line(name + "." + kind, budget, unit);
        if (!met) {
            missed.add(name + " is " + text(value) + " " + unit + ", should be " + kind.replace('-', ' ') + " "
                    + text(budget));
        }
    }

    private static String text(double value) {
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded =
                Math.abs(value) >= 1000 ? exact.setScale(0, RoundingMode.HALF_EVEN) : exact.round(FOUR_DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
