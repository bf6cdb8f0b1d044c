package dev.vitrine.spool;

import dev.vitrine.part.ClockDifference;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStores;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Looks at a spool in an object store from outside: tries whether this process may put, read, list and delete there, and
 * compares the clocks. What it puts has a name of its own, and goes again where it may be deleted.
 */
public final class SpoolExamination {
    private static final String SUBJECT = "spool";

    private final SpoolSettings settings;
    private final Clock clock;

    public SpoolExamination(SpoolSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What was seen; nothing where the spool is a folder. */
    public List<Diagnosis> run() {
        if (settings.bucket().isEmpty()) {
            return List.of();
        }
        try (ObjectStore store = new ObjectStores(settings.s3())
                .open("VITRINE_SPOOL", settings.bucket().get().below("doctor"))) {
            List<Diagnosis> all = new ArrayList<>();
            String key = UUID.randomUUID().toString();
            byte[] content = {1};
            boolean there = tried(all, store, "put objects", "s3:PutObject", () -> store.put(key, content));
            if (there) {
                tried(all, store, "read objects", "s3:GetObject", () -> store.get(key));
            }
            tried(all, store, "list objects", "s3:ListBucket", () -> store.list("", 1));
            if (there) {
                tried(all, store, "delete objects", "s3:DeleteObject", () -> store.delete(key));
            }
            if (all.stream().allMatch(one -> one.verdict() == Diagnosis.Verdict.GOOD)) {
                all.add(clock(store));
            }
            return all;
        } catch (InvalidSettingException e) {
            return List.of(Diagnosis.fault(SUBJECT, e.getMessage(), "see VITRINE_SPOOL in the README"));
        }
    }

    private static boolean tried(List<Diagnosis> all, ObjectStore store, String what, String right, Runnable trial) {
        if (all.stream()
                .anyMatch(one -> one.verdict() == Diagnosis.Verdict.FAULT
                        && !one.advice().startsWith("give"))) {
            return false; // it cannot be reached, which was said
        }
        String subject = SUBJECT + ", " + what;
        try {
            trial.run();
            all.add(Diagnosis.good(subject, store.place()));
            return true;
        } catch (ObjectStoreException e) {
            all.add(
                    e.reason() == ObjectStoreException.Reason.FORBIDDEN
                            ? Diagnosis.fault(
                                    subject, "refused by " + store.place(), "give the access key the right " + right)
                            : Diagnosis.fault(
                                    subject,
                                    e.getMessage(),
                                    "set AWS_ENDPOINT_URL_S3, AWS_REGION and the bucket right"));
            return false;
        }
    }

    private Diagnosis clock(ObjectStore store) {
        try {
            return ClockDifference.of(
                    "the object store", clock, () -> store.list("", 1).now());
        } catch (Exception e) {
            return Diagnosis.fault("clock against the object store", e.getMessage(), "see above");
        }
    }
}
