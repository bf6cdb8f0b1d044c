package dev.vitrine.bench;

import dev.vitrine.bench.Report.Doors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * What a key and a rate limit in force cost: the same requests, in turns, to a service that is open and to one that asks for
 * a key and counts its requests. Neither has workers, so that nothing else takes the processors.
 */
final class DoorsBench {
    /** What the closed service is configured with; nobody comes near the rate. */
    static final Map<String, String> CLOSED =
            Map.of("VITRINE_API_KEY", "key-of-the-benchmark", "VITRINE_RATE_LIMIT", "1000000/s");

    private static final String HEADER = "X-API-Key: key-of-the-benchmark\r\n";
    private static final double REQUESTS_A_SECOND = 40;

    private final Plan plan;

    DoorsBench(Plan plan) {
        this.plan = plan;
    }

    /** Medians over the turns; the ratios are those of the turns, closed by open. */
    Doors run(ServiceProcess open, ServiceProcess closed, List<byte[]> pictures) throws InterruptedException {
        Side plain = new Side(open, Upload.of(pictures), "");
        Side keyed = new Side(closed, Upload.of(pictures).with(HEADER), HEADER);
        for (Side side : List.of(plain, keyed)) {
            side.clients.send(side.uploads::next, plan.acceptWarmUp() / 4, 202);
            side.clients.send(side.searches, plan.acceptWarmUp() / 10, 200);
        }
        for (int turn = 0; turn < plan.doorTurns(); turn++) {
            // Who comes first gets the quieter disk; so they change about.
            boolean even = turn % 2 == 0;
            (even ? plain : keyed).measure(plan.doors());
            (even ? keyed : plain).measure(plan.doors());
        }
        return new Doors(
                Figures.median(plain.p50),
                Figures.median(keyed.p50),
                ratio(keyed.p50, plain.p50),
                ratio(keyed.p99, plain.p99),
                Figures.median(plain.perSecond),
                Figures.median(keyed.perSecond),
                ratio(keyed.perSecond, plain.perSecond),
                Figures.median(plain.processor),
                Figures.median(keyed.processor),
                ratio(keyed.processor, plain.processor),
                Figures.median(plain.searchP99),
                Figures.median(keyed.searchP99),
                ratio(keyed.searchP99, plain.searchP99));
    }

    private static double ratio(List<Double> figures, List<Double> bases) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            ratios.add(figures.get(i) / bases.get(i));
        }
        return Figures.median(ratios);
    }

    /** One of the two services, and what its turns measured. */
    private static final class Side {
        private final ServiceProcess service;
        private final Clients clients;
        private final Upload uploads;
        private final Supplier<byte[]> searches;
        private final List<Double> p50 = new ArrayList<>();
        private final List<Double> p99 = new ArrayList<>();
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Double> processor = new ArrayList<>();
        private final List<Double> searchP99 = new ArrayList<>();

        Side(ServiceProcess service, Upload uploads, String header) {
            this.service = service;
            this.clients = new Clients(service.port());
            this.uploads = uploads;
            byte[] search = Connection.search(header);
            this.searches = () -> search;
        }

        void measure(Duration length) throws InterruptedException {
            Histogram accepted =
                    clients.atRate(uploads::next, REQUESTS_A_SECOND, length, 202).latencies();
            p50.add(accepted.getValueAtPercentile(50) / 1e3);
            p99.add(accepted.getValueAtPercentile(99) / 1e3);
            double before = service.cpuSeconds();
            double rate = clients.flood(uploads::next, length, 202).perSecond();
            perSecond.add(rate);
            processor.add((service.cpuSeconds() - before) * 1e6 / (rate * length.toMillis()));
            searchP99.add(clients.atRate(searches, REQUESTS_A_SECOND, length, 200)
                            .latencies()
                            .getValueAtPercentile(99)
                    / 1e3);
        }
    }
}
