using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ApiReplyTests
{
    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public void Only_a_status_in_the_range_of_success_is_a_success(int status, bool isSuccess) =>
        Replies.Of("{}", status).IsSuccess.ShouldBe(isSuccess);
}
