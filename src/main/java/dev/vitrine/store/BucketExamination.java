package dev.vitrine.store;

import dev.vitrine.part.ClockDifference;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.settings.InvalidSettingException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks at what is kept in an object store from outside: tries whether this process may put, read, list and delete there, and
 * compares the clocks. What it puts has a name of its own, and goes again where it may be deleted.
 */
public final class BucketExamination {
    private final String subject;
    private final String setting;
    private final Optional<StoreAddress> bucket;
    private final S3Settings settings;
    private final Clock clock;

    /**
     * @param subject what is kept there
     * @param setting names the address
     * @param bucket the address; empty for a folder, of which nothing is said
     */
    public BucketExamination(
            String subject, String setting, Optional<StoreAddress> bucket, S3Settings settings, Clock clock) {
        this.subject = subject;
        this.setting = setting;
        this.bucket = bucket;
        this.settings = settings;
        this.clock = clock;
    }

    /** What was seen; nothing where it is in a folder. */
    public List<Diagnosis> run() {
        if (bucket.isEmpty()) {
            return List.of();
        }
        try (ObjectStore store =
                new ObjectStores(settings).open(setting, bucket.get().below("doctor"))) {
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
            return List.of(Diagnosis.fault(subject, e.getMessage(), "see " + setting + " in the README"));
        }
    }

    private boolean tried(List<Diagnosis> all, ObjectStore store, String what, String right, Runnable trial) {
        if (all.stream()
                .anyMatch(one -> one.verdict() == Diagnosis.Verdict.FAULT
                        && !one.advice().startsWith("give"))) {
            return false; // it cannot be reached, which was said
        }
        String tried = subject + ", " + what;
        try {
            trial.run();
            all.add(Diagnosis.good(tried, store.place()));
            return true;
        } catch (ObjectStoreException e) {
            all.add(
                    e.reason() == ObjectStoreException.Reason.FORBIDDEN
                            ? Diagnosis.fault(
                                    tried, "refused by " + store.place(), "give the access key the right " + right)
                            : Diagnosis.fault(
                                    tried, e.getMessage(), "set AWS_ENDPOINT_URL_S3, AWS_REGION and the bucket right"));
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
