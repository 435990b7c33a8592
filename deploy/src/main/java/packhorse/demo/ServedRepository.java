package packhorse.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/// A repository in one request: JGit's two services, as smart HTTP wants them.
///
/// No timeouts are set on them: each would start a thread of the platform. Jetty's idle timeout
/// ends what stalls.
final class ServedRepository {
  private final Repository repository;
  private final String node;
  private final String path;
  private final Consumer<NodeAnswer> answered;

  ServedRepository(Repository repository, String node, String path, Consumer<NodeAnswer> answered) {
    this.repository = repository;
    this.node = node;
    this.path = path;
    this.answered = answered;
  }

  /// Writes the answer to `info/refs`.
  void advertise(Service service, List<String> protocol, OutputStream toClient) throws IOException {
    var pkts = new PacketLineOut(toClient);
    var advertiser = new PacketLineOutRefAdvertiser(pkts);
    switch (service) {
      case UPLOAD_PACK -> {
        try (UploadPack uploadPack = uploadPack(protocol)) {
          uploadPack.sendAdvertisedRefs(advertiser, service.gitName());
        }
      }
      case RECEIVE_PACK -> {
        pkts.writeString("# service=" + service.gitName() + "\n");
        pkts.end();
        receivePack().sendAdvertisedRefs(advertiser);
      }
    }
  }

  /// Answers the body of a POST.
  void exchange(
      Service service, List<String> protocol, InputStream fromClient, OutputStream toClient)
      throws IOException {
    switch (service) {
      case UPLOAD_PACK -> {
        try (UploadPack uploadPack = uploadPack(protocol)) {
          uploadPack.upload(fromClient, toClient, null);
        }
      }
      case RECEIVE_PACK -> receivePack().receive(fromClient, toClient, null);
    }
  }

  private UploadPack uploadPack(List<String> protocol) {
    var uploadPack = new UploadPack(repository);
    uploadPack.setBiDirectionalPipe(false);
    uploadPack.setExtraParameters(protocol);
    uploadPack.setPostUploadHook(
        statistics -> answered.accept(new NodeAnswer(node, NodeAnswer.Work.FETCH, path)));
    return uploadPack;
  }

  private ReceivePack receivePack() {
    var receivePack = new ReceivePack(repository);
    receivePack.setBiDirectionalPipe(false);
    receivePack.setCheckReceivedObjects(true);
    receivePack.setAllowPushOptions(true);
    receivePack.setRefLogIdent(new PersonIdent(node, node + "@demo.invalid"));
    receivePack.setPostReceiveHook((push, commands) -> pushed(commands));
    return receivePack;
  }

  private void pushed(Iterable<ReceiveCommand> commands) {
    for (ReceiveCommand command : commands) {
      if (command.getResult() != ReceiveCommand.Result.OK) continue;
      answered.accept(new NodeAnswer(node, NodeAnswer.Work.PUSH, path));
      return;
    }
  }
}
