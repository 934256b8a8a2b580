using System.Text;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerBlobReadingTests : LedgerBlobTest
{
    private readonly LedgerBook _book = new();

    [Fact]
    public void Whether_it_exists_is_asked_until_it_does()
    {
        LedgerBlob blob = Open();
        (blob.Exists, blob.Exists).ShouldBe((false, false));
        Server.Take().ShouldBe(["HEAD", "HEAD"]);
        Add(Alive());
        (blob.Exists, blob.Exists).ShouldBe((true, true));
        Server.Take().ShouldBe(["HEAD"]);
    }

    [Fact]
    public void Its_path_is_the_address_without_a_signature() =>
        new LedgerBlob(new Uri(Server.Path + "?sig=secret")).Path.ShouldBe(Server.Path);

    [Fact]
    public void A_missing_and_an_empty_blob_have_no_lines()
    {
        LedgerBlob blob = Open();
        blob.Refresh(_book);
        Server.Content = [];
        blob.Refresh(_book);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}", $"GET 0-{PieceLength - 1}"]);
        (_book.Records, _book.Damage.Count).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Only_the_end_and_what_is_new_is_read_again(int lines)
    {
        Add([.. Enumerable.Repeat(Alive(), lines)]);
        int length = Server.Content!.Length;
        int known = Math.Min(length, MarkLength);
        LedgerBlob blob = Open();
        blob.Refresh(_book);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}"]);

        Add(Alive());
        blob.Refresh(_book);
        Server.Take().ShouldBe([$"GET {length - known}-{length + PieceLength - 1}"]);
        int end = Server.Content!.Length;
        blob.Refresh(_book);
        Server.Take().ShouldBe([$"GET {end - known}-{end + PieceLength - 1}"]);
        (_book.Records, _book.Damage.Count).ShouldBe((lines + 1, 0));
    }

    [Fact]
    public void A_ledger_that_is_longer_than_one_request_reads_is_read_in_pieces()
    {
        string line = $$"""{"step":"alive","run":"{{Records.DeadRun}}","text":"{{new string('x', 900_000)}}"}""" + "\n";
        Server.Content = Encoding.UTF8.GetBytes(line + line + line);
        Open().Refresh(_book);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}", $"GET {PieceLength - MarkLength}-{(2 * PieceLength) - 1}"]);
        (_book.Records, _book.Damage.Count).ShouldBe((3, 0));
    }

    [Fact]
    public void Without_the_length_of_the_blob_it_is_read_until_nothing_is_new()
    {
        Server.ShowsLength = false;
        Add([.. Enumerable.Repeat(Alive(), 12)]);
        int length = Server.Content!.Length;
        Open().Refresh(_book);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}", $"GET {length - MarkLength}-{length + PieceLength - 1}"]);
        _book.Records.ShouldBe(12);
    }

    [Fact]
    public void A_line_that_arrives_in_two_parts_is_read_once()
    {
        byte[] content = Records.Bytes(Records.Intent("e1"), Records.Intent("e2"), Records.Intent("e3"));
        LedgerBlob blob = Open();
        foreach (int missing in new[] { 50, 1, 0 })
        {
            string[] expected = missing == 50 ? ["e1", "e2"] : ["e1", "e2", "e3"];
            Server.Content = content[..^missing];
            blob.Refresh(_book);
            Entries(_book).ShouldBe(expected);
            _book.Damage.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("deleted", "")]
    [InlineData("shorter", "")]
    [InlineData("other lines", "x1 x2 x3")]
    [InlineData("more lines", "x1 x2 x3 x4")]
    [InlineData("created again", "e1 e2 e3 e4")]
    public void A_blob_that_was_replaced_is_read_from_its_start(string how, string after)
    {
        string[] entries = after.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Add(Records.Intent("e1"), Records.Intent("e2"), Records.Intent("e3"));
        int length = Server.Content!.Length;
        LedgerBlob blob = Open();
        blob.Refresh(_book);
        Server.Take();

        Server.Content = how == "deleted" ? null
            : how == "shorter" ? Records.Bytes(Alive())
            : Records.Bytes([.. entries.Select(entry => Records.Intent(entry))]);
        Server.Created = how == "created again" ? "Tue, 06 Jan 2026 10:00:00 GMT" : Server.Created;
        blob.Refresh(_book);

        Server.Take().ShouldBe([$"GET {length - MarkLength}-{length + PieceLength - 1}", $"GET 0-{PieceLength - 1}"]);
        Entries(_book).ShouldBe(entries);
        _book.Damage.ShouldBeEmpty();
        string[] expected = how == "deleted" ? ["CREATE", "APPEND 0"] : [$"APPEND {Server.Content!.Length}"];
        Write(blob, _book, Records.Intent("new"));
        Server.Take().ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, "first", 1)]
    [InlineData("first", null, 1)]
    [InlineData("first", "first", 1)]
    [InlineData("first", "second", 2)]
    public void Only_another_creation_time_shows_that_the_blob_was_replaced(string? before, string? after, int requests)
    {
        Add(Alive());
        LedgerBlob blob = Open();
        Server.Created = before;
        blob.Refresh(_book);
        Server.Take();
        Server.Created = after;
        blob.Refresh(_book);
        Server.Take().Length.ShouldBe(requests);
        _book.Records.ShouldBe(1);
    }

    [Fact]
    public void A_response_without_the_creation_time_does_not_make_it_unknown()
    {
        Add(Alive());
        LedgerBlob blob = Open();
        foreach (string? created in new[] { "first", null, "second" })
        {
            Server.Take();
            Server.Created = created;
            blob.Refresh(_book);
        }

        Server.Take().Length.ShouldBe(2);
    }

    [Fact]
    public void After_a_rewind_everything_is_read_again()
    {
        Add([.. Enumerable.Repeat(Alive(), 12)]);
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        blob.Rewind();
        Server.Take();
        blob.Refresh(_book);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}"]);
        (_book.Records, _book.Damage.Count).ShouldBe((12, 0));
    }

    [Fact]
    public void Reading_all_lines_gives_each_line_with_its_number()
    {
        Add(Alive(), Alive(AnotherRun));
        LedgerBlob blob = Open();
        blob.Refresh(_book);
        Server.Content = [.. Server.Content!, .. Records.Bytes(Records.Intent("e1"))[..^1]];
        Lines(blob).ShouldBe(["1 alive", "2 alive", "3 intent"]);
        Lines(blob).ShouldBe(["1 alive", "2 alive", "3 intent"]);
        Server.Content = Server.Content![..^1];
        Lines(blob).ShouldBe(["1 alive", "2 alive"]);
    }

    [Fact]
    public void Reading_all_lines_does_not_require_a_ledger()
    {
        Server.Type = "BlockBlob";
        Server.Content = "Prompt\nA red kite\n"u8.ToArray();
        List<string> lines = [];
        Open().Read((number, line) => lines.Add($"{number} {Encoding.UTF8.GetString(line)}"));
        lines.ShouldBe(["1 Prompt", "2 A red kite"]);
    }

    [Fact]
    public void Reading_all_lines_of_a_missing_blob_is_an_error() =>
        Should.Throw<FileNotFoundException>(() => Open().Read((_, _) => { })).Message.ShouldBe($"The blob does not exist: {Server.Path}");

    [Fact]
    public void A_run_is_alive_while_it_adds_lines()
    {
        Add(Alive(AnotherRun));
        LedgerBlob blob = Open();
        State().ShouldBe((false, false, false));
        blob.Refresh(_book);
        State().ShouldBe((true, true, true));
        Clock.Advance(TimeSpan.FromSeconds(61));
        State().ShouldBe((true, true, true), "nothing was read since");
        blob.Refresh(_book);
        State().ShouldBe((false, true, true));
        Add(Alive(AnotherRun));
        blob.Refresh(_book);
        State().ShouldBe((true, true, false));

        (bool IsAlive, bool MaySend, bool IsUncertain) State() =>
            (blob.IsAlive(AnotherRun), blob.MaySend(AnotherRun), blob.IsUncertain(AnotherRun));
    }

    [Fact]
    public void A_line_is_a_sign_of_life_only_if_all_lines_before_it_were_read()
    {
        Add(Alive());
        LedgerBlob blob = Open();
        Write(blob, null, Records.Intent("e1"));
        Add(Alive(AnotherRun));
        blob.Refresh(null);
        blob.IsAlive(AnotherRun).ShouldBeFalse();
        blob.Rewind();
        blob.Refresh(_book);
        blob.IsAlive(AnotherRun).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_runs_of_a_ledger_that_was_replaced_are_not_alive(bool isOpenedAgain)
    {
        Server.Created = isOpenedAgain ? "first" : null;
        Add(Alive(), Alive(), Alive(), Alive());
        LedgerBlob blob = Open();
        blob.Refresh(_book);
        blob.IsAlive(Records.DeadRun).ShouldBeTrue();

        Server.Created = isOpenedAgain ? "second" : null;
        Server.Content = null;
        Add(Alive(AnotherRun));
        LedgerBlob after = isOpenedAgain ? Open() : blob;
        after.Refresh(new LedgerBook());
        (after.IsAlive(Records.DeadRun), after.IsAlive(AnotherRun)).ShouldBe((false, true));
    }

    private static string[] Lines(LedgerBlob blob)
    {
        List<string> lines = [];
        blob.Read((number, line) => lines.Add($"{number} {LedgerSerializer.Read(line)!.Step}"));
        return [.. lines];
    }
}
