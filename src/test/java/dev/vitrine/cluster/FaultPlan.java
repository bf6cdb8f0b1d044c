package dev.vitrine.cluster;

import dev.vitrine.chaos.Breakage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Breaks one machine after another, each kind in each way at most once, in an order that a seed decides. */
final class FaultPlan implements Breakage.Plan {
    private static final int MOST_SKEW_S = 300;

    /** About as many as are sent meanwhile, so that a run with few uploads is short. */
    private static final int UPLOADS_A_FAULT = 80;

    private enum Fault {
        KILL,
        PAUSE,
        CUT,
        SLOW,
        SKEW
    }

    private record Step(String kind, Fault fault) {}

    private final Breakage breakage;
    private final List<Machine> services;
    private final Servers servers;
    private final Map<Host, Clock> clocks;
    private final int uploads;

    /**
     * @param services processes of the service
     * @param servers what they stand on; one of a kind is broken only when the last one is whole again
     * @param clocks the hosts whose clock can jump
     * @param uploads how many are to be sent; there is a fault for every 80 of them
     */
    FaultPlan(Breakage breakage, List<Machine> services, Servers servers, Map<Host, Clock> clocks, int uploads) {
        this.breakage = breakage;
        this.services = services;
        this.servers = servers;
        this.clocks = clocks;
        this.uploads = uploads;
    }

    @Override
    public void run() throws Exception {
        List<Step> all = breakage.shuffled(steps());
        for (Step step : all.subList(0, Math.min(all.size(), uploads / UPLOADS_A_FAULT))) {
            breakage.pause(300, 1_500);
            servers.awaitWhole();
            List<Machine> able = machines().stream()
                    .filter(machine -> machine.kind().equals(step.kind()))
                    .toList();
            Machine machine = able.get(breakage.random().nextInt(able.size()));
            breakage.count(step.fault().name().toLowerCase(Locale.ROOT) + " " + machine.kind());
            apply(step.fault(), machine);
        }
    }

    /** How wrong a clock is: up to five minutes, in either direction. */
    static Duration skew(Breakage breakage) {
        return Duration.ofSeconds(breakage.random().nextInt(2 * MOST_SKEW_S) - MOST_SKEW_S);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        List<String> kinds = machines().stream().map(Machine::kind).distinct().toList();
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

    private List<Machine> machines() {
        return Stream.concat(services.stream(), servers.machines().stream()).toList();
    }

    private Optional<Machine> clockOf(String kind) {
        return machines().stream()
                .filter(machine -> machine.kind().equals(kind) && clocks.containsKey(machine.host()))
                .findFirst();
    }

    private void apply(Fault fault, Machine machine) throws Exception {
        switch (fault) {
            case KILL -> {
                machine.program().kill().run();
                hold(machine);
                machine.program().start().run();
            }
            case PAUSE -> {
                machine.program().pause().run();
                try {
                    hold(machine);
                } finally {
                    machine.program().resume().run();
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
            case SKEW -> clocks.get(machine.host()).set(skew(breakage));
        }
    }

    private void hold(Machine machine) throws InterruptedException {
        breakage.pause(machine.longest() / 2, machine.longest());
    }
}
