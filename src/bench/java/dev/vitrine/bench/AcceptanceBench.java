package dev.vitrine.bench;

import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a client waits for its 202 while the workers are saturated, beside what it waits when the same server receives the
 * same bytes and drops them.
 */
final class AcceptanceBench {
    /** Some four times what two cores index of CLIP ViT-B/32: the backlog only grows. */
    private static final double UPLOADS_A_SECOND = 40;

    private static final int TURNS = 2;

    private final Plan plan;

    AcceptanceBench(Plan plan) {
        this.plan = plan;
    }

    /**
     * @param saturated has more work waiting than it can do meanwhile
     * @param idle takes uploads but has no workers
     */
    Report.Accept run(ServiceProcess saturated, ServiceProcess idle, List<byte[]> pictures)
            throws InterruptedException {
        Clients clients = new Clients(saturated.port());
        Upload good = Upload.of(pictures);
        Upload dropped = Upload.dropped(pictures);
        Duration turn = plan.accept().dividedBy(TURNS);
        warmUp(clients);
        Histogram accepted = new Histogram(3);
        Histogram base = new Histogram(3);
        Noise noise = Noise.since(saturated.pids());
        for (int i = 0; i < TURNS; i++) {
            accepted.add(clients.atRate(good::next, UPLOADS_A_SECOND, turn, 202).latencies());
            base.add(clients.atRate(dropped::next, UPLOADS_A_SECOND, turn, 400).latencies());
        }
        double others = noise.share();
        saturated.close();

        Clients flood = new Clients(idle.port());
        warmUp(flood);
        flood.flood(good::next, plan.flood().dividedBy(4), 202);
        double perSecond = flood.flood(good::next, plan.flood(), 202).perSecond();
        return new Report.Accept(
                millis(accepted, 50),
                millis(accepted, 99),
                millis(base, 50),
                millis(base, 99),
                UPLOADS_A_SECOND,
                perSecond,
                Figures.curve(accepted),
                Figures.curve(base),
                others);
    }

    /**
     * Has Java compile what an upload runs through: before, it costs several times as much. Small pictures take the same
     * way as large ones and less of the disk.
     */
    private void warmUp(Clients clients) throws InterruptedException {
        List<byte[]> small = List.of(Pictures.small());
        clients.send(Upload.of(small)::next, plan.acceptWarmUp(), 202);
        clients.send(Upload.dropped(small)::next, plan.acceptWarmUp() / 2, 400);
    }

    private static double millis(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1000.0;
    }
}
