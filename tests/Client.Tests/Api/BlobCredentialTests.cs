using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

[Collection(nameof(Alone))]
public sealed class BlobCredentialTests : ClientTest
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Uri _address = new($"https://x.blob.core.windows.net/{Guid.NewGuid():N}/run.jsonl");

    [Fact]
    public void Without_a_credential_a_request_is_sent_without_one()
    {
        using IdentityVariables variables = new(null, null);
        RawServer server = Serve(_ => RawReply.Of(404, [], "x-ms-request-id: one"));
        Uri address = new($"{server.Address}account/{Guid.NewGuid():N}/run.jsonl");
        BlobCredential.IsKnown(address).ShouldBeFalse();
        new AppendBlob(address).ReadProperties().Status.ShouldBe(404);
        RawRequest request = server.Requests.Single();
        request.Target.ShouldBe(address.AbsolutePath);
        request.Headers.ContainsKey("Authorization").ShouldBeFalse();
        BlobCredential credential = BlobCredential.AllOf(address).Single();
        (credential.Signature, credential.Token, credential.Renew()).ShouldBe((null, null, false));
    }

    [Fact]
    public void A_signature_belongs_to_the_address_without_its_query()
    {
        BlobCredential.UseSignature(_address, "sig=one");
        BlobCredential.IsKnown(new Uri(_address + "?sig=two")).ShouldBeTrue();
        BlobCredential.IsKnown(new Uri(_address + "x")).ShouldBeFalse();
        BlobCredential credential = BlobCredential.AllOf(new Uri(_address + "?sig=two")).Single();
        (credential.Signature, credential.Token, credential.Renew()).ShouldBe(("sig=one", null, false));
    }

    [Fact]
    public void The_last_four_credentials_are_kept_the_newest_first()
    {
        foreach (string signature in new[] { "a", "b", "c", "d", "e", "c", "c" })
        {
            BlobCredential.UseSignature(_address, signature);
        }

        Signatures().ShouldBe(["c", "e", "d", "b"]);
        Use("first", s_hour);
        Use("second", s_hour);
        BlobCredential.UseSignature(_address, "f");
        Signatures().ShouldBe(["f", null, null, "c"]);
        BlobCredential.AllOf(_address).Select(credential => credential.Token).ShouldBe([null, "second", "first", null]);

        string?[] Signatures() => [.. BlobCredential.AllOf(_address).Select(credential => credential.Signature)];
    }

    [Fact]
    public async Task A_token_that_is_valid_for_long_is_not_renewed()
    {
        int obtained = 0;
        BlobCredential credential = Use("old", TimeSpan.FromMinutes(30), () => BlobTokens.Of($"new {++obtained}", s_hour));
        credential.Token.ShouldBe("old");
        await LetThreadPoolWorkAsync();
        (credential.Token, obtained).ShouldBe(("old", 0));
    }

    [Fact]
    public void A_token_is_renewed_in_the_background_before_it_expires()
    {
        BlobCredential credential = Use("old", TimeSpan.FromMinutes(4), () => BlobTokens.Of("new", s_hour));
        credential.Token.ShouldBe("old");
        Eventually.Is(() => credential.Token == "new", "the token is renewed");
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_used_while_it_is_valid_and_the_next_attempt_waits()
    {
        int attempts = 0;
        BlobCredential credential = Use("old", TimeSpan.FromMinutes(4), () =>
        {
            Interlocked.Increment(ref attempts);
            throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, "No token.");
        });
        credential.Token.ShouldBe("old");
        await Eventually.IsAsync(() => Volatile.Read(ref attempts) > 0, "an attempt to renew the token");
        for (int use = 0; use < 20; use++)
        {
            credential.Token.ShouldBe("old");
        }

        await LetThreadPoolWorkAsync();
        attempts.ShouldBe(1);
    }

    [Fact]
    public void A_token_that_has_expired_is_replaced_before_it_is_used()
    {
        BlobCredential credential = Use("old", -s_minute, () => BlobTokens.Of("new", s_hour));
        credential.Token.ShouldBe("new");
        credential.Token.ShouldBe("new");

        BlobCredential failing = Use("old", -s_minute, () => throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, "No token."));
        Should.Throw<ChuiziException>(() => failing.Token).Message.ShouldBe("No token.");
    }

    [Fact]
    public void Threads_that_need_a_token_at_once_obtain_one()
    {
        int obtained = 0;
        string? seen = null;
        BlobCredential? credential = null;
        Thread second = new(() => seen = credential!.Token);
        credential = Use("old", -s_minute, () =>
        {
            if (++obtained == 1)
            {
                second.Start();
                Eventually.Is(() => second.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the second thread waits");
            }

            return BlobTokens.Of($"new {obtained}", s_hour);
        });
        string? first = credential.Token;
        second.Join();
        (first, seen, obtained).ShouldBe(("new 1", "new 1", 1));
    }

    [Theory]
    [InlineData(60, "new", true)]
    [InlineData(60, "old", false)]
    [InlineData(0, "new", false)]
    public void A_refused_token_is_renewed_if_another_one_may_help(int age, string next, bool isRenewed)
    {
        BlobCredential.UseToken(_address, BlobTokens.Of("old", s_hour, TimeSpan.FromSeconds(age)), () => BlobTokens.Of(next, s_hour));
        BlobCredential credential = BlobCredential.AllOf(_address)[0];
        credential.Renew().ShouldBe(isRenewed);
        credential.Token.ShouldBe(isRenewed ? next : "old");
    }

    [Fact]
    public void The_managed_identity_is_used_only_without_another_credential()
    {
        RawServer identity = Serve(_ => RawReply.Json("""{"access_token":"token"}"""));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        Uri signed = new(_address + "x");
        BlobCredential.UseSignature(signed, "sig=one");
        BlobCredential.AllOf(signed).Single().Token.ShouldBeNull();

        BlobCredential.IsKnown(_address).ShouldBeTrue();
        BlobCredential credential = BlobCredential.AllOf(_address).Single();
        credential.Renew().ShouldBeTrue("it has no token yet");
        credential.Token.ShouldBe("token");
        credential.Signature.ShouldBeNull();
        BlobCredential.AllOf(_address).Single().ShouldBeSameAs(credential);
        identity.Requests.Count.ShouldBe(1);
    }

    private static async Task LetThreadPoolWorkAsync()
    {
        for (int round = 0; round < 100; round++)
        {
            await Task.Run(() => { }, TestContext.Current.CancellationToken);
        }
    }

    private BlobCredential Use(string token, TimeSpan life, Func<BlobToken>? obtain = null)
    {
        BlobCredential.UseToken(_address, BlobTokens.Of(token, life), obtain ?? (() => throw new InvalidOperationException()));
        return BlobCredential.AllOf(_address)[0];
    }
}
