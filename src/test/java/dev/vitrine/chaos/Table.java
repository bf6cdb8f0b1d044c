package dev.vitrine.chaos;

import dev.vitrine.chaos.Shop.Outcome;
import java.util.Map;

/** What a run counted, for the build's output. */
public final class Table {
    private final StringBuilder text = new StringBuilder();

    public Table(String title) {
        text.append(String.format("%n%s%n", title));
    }

    public Table row(String what, long count) {
        text.append(String.format("  %-28s %6d%n", what, count));
        return this;
    }

    /** How a shop's uploads were answered. */
    public Table answers(Shop shop) {
        Map<Outcome, Long> outcomes = shop.outcomes();
        return row("uploads sent", shop.count())
                .row("of products", shop.productIds().size())
                .row("accepted (202)", outcomes.get(Outcome.ACCEPTED))
                .row("indexed at once (200)", outcomes.get(Outcome.INDEXED))
                .row("refused (429, 5xx)", shop.refused())
                .row("no answer", outcomes.get(Outcome.UNKNOWN) - shop.refused() + outcomes.get(Outcome.LATE));
    }

    /** What was broken how often. */
    public Table faults(Breakage breakage) {
        breakage.done().forEach(this::row);
        return this;
    }

    public void print() {
        System.out.println(text);
    }
}
