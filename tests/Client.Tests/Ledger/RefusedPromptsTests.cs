using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class RefusedPromptsTests
{
    private const string Prompt = "A red kite";

    private readonly RefusedPrompts _refused = new();

    [Fact]
    public void A_refused_prompt_is_found_with_its_day_its_model_and_the_reason()
    {
        using InCulture culture = new("ar-SA");
        _refused.Add(Refused());
        _refused.Find($"  {Prompt}\n").ShouldBe(
            "A video with this prompt was refused on 2026-01-02 by google/veo-3.1-lite: Content policy violation");
        _refused.Find("a red kite").ShouldBeNull();
        _refused.Find("").ShouldBeNull();
    }

    [Theory]
    [InlineData("Too dark", "too_dark", "Too dark")]
    [InlineData(null, "too_dark", "too_dark")]
    [InlineData(null, null, "no reason was given.")]
    public void The_reason_is_the_message_or_else_the_code(string? message, string? code, string expected)
    {
        Video video = Refused();
        video.Prompt = $" {Prompt} ";
        video.Error = new VideoError { Message = message, Code = code };
        _refused.Add(video);
        _refused.Find(Prompt).ShouldNotBeNull().ShouldEndWith($" by google/veo-3.1-lite: {expected}");
    }

    [Theory]
    [InlineData("internal_error")]
    [InlineData("provider_error")]
    [InlineData("provider_unavailable")]
    [InlineData("provider_timeout")]
    [InlineData("rate_limit_exceeded")]
    [InlineData("Provider_Error")]
    [InlineData("insufficient_balance")]
    [InlineData("model_not_found")]
    public void A_failure_of_the_service_the_account_or_the_model_says_nothing_about_the_prompt(string name)
    {
        _refused.Add(Refused(new VideoError { Message = "Later.", Type = name }));
        _refused.Add(Refused(new VideoError { Message = "Later.", Code = name, Type = "invalid_request_error" }));
        _refused.Find(Prompt).ShouldBeNull();
    }

    [Theory]
    [InlineData("validation_error", "duration must be at most 8", false)]
    [InlineData("400", "duration must be at most 8", false)]
    [InlineData(null, "duration must be at most 8", false)]
    [InlineData(null, "refused (no content type)", false)]
    [InlineData("validation_error", "The prompt is too long", true)]
    [InlineData("400", "Inappropriate content", true)]
    [InlineData("content_filter", "Not allowed", true)]
    public void A_rejected_request_counts_only_if_its_error_is_about_the_prompt(string? code, string message, bool isAbout)
    {
        ChuiziException failure = new(ChuiziErrorKind.RequestRejected, $"The API responded with HTTP 400: {message}") { Code = code };
        Video video = Refused(VideoError.From(failure));
        video.Id = null;
        _refused.Add(video);
        (_refused.Find(Prompt) is not null).ShouldBe(isAbout);
    }

    [Theory]
    [InlineData(VideoStatus.Succeeded, Prompt, true)]
    [InlineData(VideoStatus.Unknown, Prompt, true)]
    [InlineData(VideoStatus.Failed, Prompt, false)]
    [InlineData(VideoStatus.Failed, null, true)]
    [InlineData(VideoStatus.Failed, "", true)]
    public void Only_a_failed_video_with_a_prompt_and_an_error_counts(string status, string? prompt, bool hasError)
    {
        Video video = Refused();
        (video.Status, video.Prompt, video.Error) = (status, prompt, hasError ? video.Error : null);
        _refused.Add(video);
        _refused.Find(Prompt).ShouldBeNull();
        _refused.Find("").ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, "first")]
    [InlineData(0, "first")]
    [InlineData(1, "second")]
    public void The_last_refusal_counts(int days, string expected)
    {
        _refused.Add(Refused(new VideoError { Message = "first" }));
        Video second = Refused(new VideoError { Message = "second" });
        second.Created = Records.Noon.AddDays(days);
        _refused.Add(second);
        _refused.Find(Prompt).ShouldNotBeNull().ShouldEndWith($": {expected}");
    }

    private static Video Refused(VideoError? error = null) => new()
    {
        Id = "vid-1", Status = VideoStatus.Failed, Prompt = Prompt, Model = Records.Model, Created = Records.Noon,
        Error = error ?? new VideoError { Message = "Content policy violation", Type = "invalid_request_error" },
    };
}
