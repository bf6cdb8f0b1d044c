package dev.vitrine.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints what a product and an upload cost, and by how much that moved since the last release. */
final class CostTable {
    private final PrintWriter out;

    CostTable(PrintWriter out) {
        this.out = out;
    }

    void print(Report report) throws IOException {
        Map<Cost, Comparison.Move> moves = Comparison.withRelease().moves(report.costs()).stream()
                .collect(Collectors.toMap(Comparison.Move::cost, Function.identity()));
        out.println();
        String row = "  %-40s %10s %8s %9s %8s %7s   %s%n";
        out.printf(row, "PROCESSOR TIME OF", "MS", "RATIO", "RELEASE", "CHANGE", "NOISE", "");
        for (Cost cost : report.costs()) {
            Comparison.Move move = moves.get(cost);
            out.printf(
                    row,
                    cost.what(),
                    number(cost.millis()),
                    number(cost.ratio()),
                    move == null ? "" : number(move.before()),
                    move == null ? "new" : percent(move.change()),
                    move == null ? "" : percent(move.noise()).substring(1),
                    move == null || !move.isReal() ? "" : move.change() > 0 ? "dearer" : "cheaper");
        }
        out.println("  Ratios: a product's to a picture of the bare loop, an upload's to decoding and preparing a picture.");
        out.println();
        out.printf("  %-40s %10s%n", "STEP OF THE ROUTE worker, BUSY", "MEAN MS");
        report.steps().forEach(step -> out.printf("  %-40s %10s%n", step.step(), number(step.millis())));
        out.flush();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+.0f %%", share * 100);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.3f", value);
    }
}
