global using System.Management.Automation;
global using Chuizi.Video.Sandbox;
