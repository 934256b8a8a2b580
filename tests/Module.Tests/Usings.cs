global using System.Management.Automation;
global using Chuizi.Video.Module.Tests.Support;
global using Chuizi.Video.Sandbox;
global using Chuizi.Video.Tests.Support;
global using Shouldly;
global using Xunit;
