package dev.vitrine.cluster;

import dev.vitrine.chaos.Breakage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Breaks one machine after another, each kind in each way, in an order that a seed decides. */
final class FaultPlan implements Breakage.Plan {
    private static final int MOST_SKEW_S = 300;

    private enum Fault {
        KILL,
        PAUSE,
        CUT,
        SLOW,
        SKEW
    }

    private record Step(String kind, Fault fault) {}

    private final Breakage breakage;
    private final Supplier<List<Machine>> machines;
    private final Map<Host, Clock> clocks;

    /**
     * @param machines those that may be broken now
     * @param clocks the hosts whose clock can jump
     */
    FaultPlan(Breakage breakage, Supplier<List<Machine>> machines, Map<Host, Clock> clocks) {
        this.breakage = breakage;
        this.machines = machines;
        this.clocks = clocks;
    }

    @Override
    public void run() throws Exception {
        for (Step step : breakage.shuffled(steps())) {
            breakage.pause(300, 1_500);
            List<Machine> able = machines.get().stream()
                    .filter(machine -> machine.kind().equals(step.kind()))
                    .toList();
            Machine machine = able.get(breakage.random().nextInt(able.size()));
            breakage.count(step.fault().name().toLowerCase(Locale.ROOT) + " " + machine.kind());
            apply(step.fault(), machine);
        }
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        List<String> kinds =
                machines.get().stream().map(Machine::kind).distinct().toList();
        for (String kind : kinds) {
            for (Fault fault : List.of(Fault.KILL, Fault.PAUSE, Fault.CUT, Fault.SLOW)) {
                steps.add(new Step(kind, fault));
            }
            if (clockOf(kind).isPresent()) {
                steps.add(new Step(kind, Fault.SKEW));
            }
        }
        return steps;
    }

    private Optional<Machine> clockOf(String kind) {
        return machines.get().stream()
                .filter(machine -> machine.kind().equals(kind) && clocks.containsKey(machine.host()))
                .findFirst();
    }

    private void apply(Fault fault, Machine machine) throws Exception {
        switch (fault) {
            case KILL -> {
                machine.program().kill();
                hold(machine);
                machine.program().start();
            }
            case PAUSE -> {
                machine.program().pause();
                try {
                    hold(machine);
                } finally {
                    machine.program().resume();
                }
            }
            case CUT -> {
                machine.host().cable().cut();
                try {
                    hold(machine);
                } finally {
                    machine.host().cable().mend();
                }
            }
            case SLOW -> {
                machine.host().cable().slow();
                try {
                    hold(machine);
                } finally {
                    machine.host().cable().mend();
                }
            }
            case SKEW -> {
                int seconds = breakage.random().nextInt(2 * MOST_SKEW_S) - MOST_SKEW_S;
                clocks.get(machine.host()).set(Duration.ofSeconds(seconds));
            }
        }
    }

    private void hold(Machine machine) throws InterruptedException {
        breakage.pause(machine.longest() / 2, machine.longest());
    }
}
