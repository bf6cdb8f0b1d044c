package dev.vitrine.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobTraces;
import dev.vitrine.spool.Spool;
import java.io.File;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The messages by which an endpoint of a folder or of an object store writes an upload to the spool. The variable {@code job} is the upload as it was
 * checked; {@code workFile} names the picture's file where it is this exchange's own.
 */
public final class Spooling {
    /** Of the component aws2-s3, which need not be there. */
    private static final String OBJECT_KEY = "CamelAwsS3Key";

    private final Spool spool;
    private final JobTraces traces;
    private final ObjectWriter json = new ObjectMapper().writerFor(Job.class);

    /** @param traces is told of each job */
    public Spooling(Spool spool, JobTraces traces) {
        this.spool = spool;
        this.traces = traces;
    }

    /** Makes the message the picture under its name in the spool: the body stays its file, headers from outside go. */
    public void picture(Exchange exchange) {
        Message message = exchange.getMessage();
        name(message, spool.pictureName(job(exchange).id()));
        message.setHeader(Exchange.FILE_LOCAL_WORK_PATH, exchange.getVariable("workFile"));
        if (message.getBody() instanceof File file) {
            message.setBody(new PictureFile(file));
        }
    }

    /** Makes the message the job as JSON, under the name of a record that is not committed. */
    public void record(Exchange exchange) throws JsonProcessingException {
        Job job = job(exchange);
        Message message = exchange.getMessage();
        name(message, spool.recordName(job.id()));
        message.setBody(json.writeValueAsBytes(job.traced(traces.created(job.id()))));
    }

    /** Accepts the job whose two files are written. */
    public void commit(Exchange exchange) {
        spool.commit(job(exchange).id());
        exchange.getMessage().removeHeaders("*");
    }

    /** Each kind of endpoint looks for a header of its own. */
    private static void name(Message message, String name) {
        message.removeHeaders("*");
        message.setHeader(Exchange.FILE_NAME, name);
        message.setHeader(OBJECT_KEY, name);
    }

    private static Job job(Exchange exchange) {
        return exchange.getVariable("job", Job.class);
    }
}
