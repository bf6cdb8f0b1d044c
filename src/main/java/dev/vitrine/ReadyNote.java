package dev.vitrine;

import dev.vitrine.clip.ClipModel;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service says when it takes requests.
 *
 * @param index where the index is, for an operator
 * @param queue where the queue is, for an operator
 */
record ReadyNote(Settings settings, ClipModel model, String index, String queue) {
    private static final Logger LOG = LoggerFactory.getLogger(Vitrine.class);

    void say() {
        LOG.info("Vitrine is ready at {}", settings.http().url());
        LOG.info("  role   {} ({})", settings.role().name().toLowerCase(Locale.ROOT), settings.workerId());
        LOG.info("  data   {}", settings.dataDir());
        if (settings.role().isApi()) {
            LOG.info("  inbox  {}", settings.intake().inbox());
        }
        LOG.info(
                "  model  {}{}",
                model.name(),
                model.isDemo() ? " (the demo model; for real pictures: ./vitrine model install clip-vit-b32)" : "");
        LOG.info("  index  {}", index);
        LOG.info("  queue  {}", queue);
    }
}
